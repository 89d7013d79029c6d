"""Spelling: what somebody may have meant, by the words of what they may read."""

from kb.search.spelling.correcting import suggest
from kb.search.spelling.shapes import prepare
from kb.search.spelling.widening import widen

__all__ = ["prepare", "suggest", "widen"]

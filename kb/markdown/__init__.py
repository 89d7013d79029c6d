"""Markdown to safe HTML, to the canonical text that positions refer to, and to an outline."""

from __future__ import annotations

from kb.markdown.links import LinkResolver
from kb.markdown.outline import Heading
from kb.markdown.render import Rendered, render, wiki_links

__all__ = ["Heading", "LinkResolver", "Rendered", "render", "wiki_links"]

"""Sections of a rendered note as slots point at them: by their heading, and where that is not enough its anchor."""

from __future__ import annotations

import hashlib

from kb.markdown import Heading, Rendered
from kb.markdown.outline import base_anchor

# Between a heading and its anchor, where the anchor does not follow from the heading.
_PART = "\x1f"
_LONGEST = 220  # of 300 that fit: an anchor may come after it


def place_of(heading: Heading) -> str:
    """A heading as a mark keeps it."""
    words = heading.text[:_LONGEST]
    return words if base_anchor(words) == heading.anchor else words + _PART + heading.anchor


def words_of(place: str | None) -> str | None:
    """The heading of a place as people read it."""
    return place.partition(_PART)[0] if place is not None else None


def anchor_of(place: str | None) -> str | None:
    """Where a place is on the note's page."""
    if place is None:
        return None
    words, _part, anchor = place.partition(_PART)
    return anchor or base_anchor(words)


def heading_at(made: Rendered, place: str) -> Heading | None:
    """The heading a mark means, by its words and its anchor."""
    return next((heading for heading in made.outline if place_of(heading) == place), None)


def section_text(made: Rendered, place: str | None) -> str | None:
    """The text of a section without its own heading, or of the whole note; None where it is not there."""
    if place is None:
        return made.text.strip()
    heading = heading_at(made, place)
    return made.text[heading.start + len(heading.text) : heading.end].strip() if heading else None


def text_hash(text: str) -> str:
    """SHA-256 of a passage's text, UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

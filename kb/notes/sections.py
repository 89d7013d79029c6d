"""Sections of a rendered note as slots point at them: by their heading, and where that is not enough its anchor."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from rapidfuzz.distance import Indel

from kb.markdown import Heading, Rendered
from kb.markdown.outline import base_anchor
from kb.notes.fillers import is_filler

# Between a heading and its anchor, where the anchor does not follow from the heading.
_PART = "\x1f"
_LONGEST = 220  # of 300 that fit: an anchor may come after it
# A section under a new heading is plainly the old one if at least this much of it is the same.
_SAME = 0.75
_MOST_COMPARED = 20_000  # characters; longer sections are only recognised word for word
_ATTACHMENT = "/attachments/"  # in the address of one that a text names


def place_of(heading: Heading) -> str:
    """A heading as a mark keeps it."""
    return place_at(heading.text, heading.anchor)


def place_at(words: str, anchor: str | None) -> str:
    """The same from its words and where it is on the page."""
    words = words[:_LONGEST]
    return words if anchor is None or base_anchor(words) == anchor else words + _PART + anchor


def words_of(place: str | None) -> str | None:
    """The heading of a place as people read it."""
    return place.partition(_PART)[0] if place is not None else None


def lost(place: str) -> str:
    """A place that is not in its note any more; the heading is kept, to be named and to be found again."""
    return place.removesuffix(_PART) + _PART


def is_lost(place: str | None) -> bool:
    """Whether a place is known to be in its note no more."""
    return place is not None and place.endswith(_PART)


def found_again(place: str) -> str:
    """The place that was lost."""
    return place.removesuffix(_PART)


def anchor_of(place: str | None) -> str | None:
    """Where a place is on the note's page; None: the whole note, or nowhere any more."""
    if place is None or is_lost(place):
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


def own_texts(made: Rendered) -> list[str]:
    """What stands before the first heading, then what stands right under each."""
    starts = [heading.start for heading in made.outline]
    ends = [*starts[1:], len(made.text)][: len(starts)]
    under = [
        made.text[heading.start + len(heading.text) : end].strip()
        for heading, end in zip(made.outline, ends, strict=True)
    ]
    return [made.text[: min(starts, default=len(made.text))].strip(), *under]


def names_attachment(made: Rendered) -> bool:
    """Whether a text itself leads to an attachment."""
    return _ATTACHMENT in made.html


def says_something(made: Rendered, place: str | None, *, has_attachment: bool = False) -> bool:
    """Whether a section holds more than headings and fillers; False where it is not there."""
    texts = own_texts(made)
    if place is not None:
        heading = heading_at(made, place)
        if heading is None:
            return False
        within = zip(made.outline, texts[1:], strict=True)
        texts = [
            text
            for other, text in within
            if heading.start <= other.start < max(heading.end, heading.start + 1)
        ]
    has_attachment = has_attachment or names_attachment(made)
    return any(not is_filler(text, has_attachment=has_attachment) for text in texts)


def followed(old: Rendered, new: Rendered, place: str) -> str | None:
    """Where a section of the old text is in the new one: moved, renamed, edited; None where it is plainly gone.

    Under its own heading if that still stands; else where its words are the same, or nearly so under a new heading.
    """
    text = section_text(old, place)
    if text is None:
        return place if heading_at(new, place) else None
    words = words_of(place)
    others = {section_text(old, place_of(one)) for one in old.outline if _cut(one) == words} - {text}
    named = [one for one in new.outline if _cut(one) == words and _text(new, one) not in others]
    same = [one for one in named if _text(new, one) == text]
    if named:
        return _nearest(same or named, place)
    known = {one.text for one in old.outline}
    same = [one for one in new.outline if one.text not in known and _text(new, one) == text]
    same = same or [one for one in new.outline if _text(new, one) == text]
    if text and same:
        return place_of(same[0])
    return _alike(new, [one for one in new.outline if one.text not in known], text)


def _cut(heading: Heading) -> str:
    return heading.text[:_LONGEST]


def _text(made: Rendered, heading: Heading) -> str:
    return made.text[heading.start + len(heading.text) : heading.end].strip()


def _nearest(found: list[Heading], place: str) -> str:
    """Of headings of one name the one that stood there before, else the first."""
    places = [place_of(one) for one in found]
    return place if place in places else places[0]


def _alike(made: Rendered, headings: Iterable[Heading], text: str) -> str | None:
    best, place = _SAME, None
    for heading in headings:
        there = _text(made, heading)
        if text and max(len(there), len(text)) <= _MOST_COMPARED:
            likeness = Indel.normalized_similarity(text, there, score_cutoff=best)
            if likeness >= best and (place is None or likeness > best):
                best, place = likeness, place_of(heading)
    return place

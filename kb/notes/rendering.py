"""Rendered notes: made once per content, kept by hash, the links between notes filled in when shown."""

from __future__ import annotations

import hashlib
import re
import threading
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kb.checklists.models import Slot
from kb.markdown import Heading, Rendered, render
from kb.markdown.bounds import MAX_SOURCE
from kb.notes.fillers import is_filler
from kb.notes.former import formerly_called
from kb.notes.guarding import look_ahead
from kb.notes.kinds import WHOLE_NOTE, slot_of_heading
from kb.notes.models import Kind, Note, Rendering
from kb.notes.sections import names_attachment, own_texts
from kb.notes.titles import title_key

# Raise it when the renderer or what counts as written changes: what was kept under another version is not used again.
RENDERER_VERSION = "3"
_PLACE = "/wiki/"
_PREPARED = "kb.rendered"  # among what a session carries along
# One big text at a time: several together would take the processor from everybody.
BIG = 100_000
_big = threading.Semaphore(1)
_LINK = re.compile(r'<a class="wikilink" href="/wiki/([^"]*)"([^>]*)>(.*?)</a>', re.S)


def body_hash(body: str) -> str:
    """SHA-256 of the body, UTF-8, hexadecimal."""
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def key_of(sha256: Any) -> Any:
    """The key a rendering is kept by, of a hash or of a column of hashes."""
    return _key(sha256) if isinstance(sha256, str) else literal(f"{RENDERER_VERSION}:") + sha256


def _key(sha256: str) -> str:
    return f"{RENDERER_VERSION}:{sha256}"


def _placeholder(target: str) -> str:
    return _PLACE + quote(target, safe="")


def rendered(session: Session, body: str, sha256: str | None = None) -> Rendered:
    """The kept rendering of a body, or a new one; links between notes are still placeholders."""
    key = _key(sha256 or body_hash(body))
    prepared: Rendered | None = session.info.get(_PREPARED, {}).get(key)
    if prepared:
        return prepared
    kept = session.get(Rendering, key)
    return _as_made(kept) if kept else render(body, _placeholder)


def as_saved(body: str) -> str:
    """A typed text with the line ends a saved one has."""
    return body.replace("\r\n", "\n").replace("\r", "\n")


def prepare(session: Session, body: Any) -> None:
    """Render what was sent before the session's first statement, for `rendered` and `keep_rendering` to find.

    A transaction that writes keeps every other writer waiting: no text may be rendered within it, nor a big one
    looked through for secrets. What is no text, or too long, is left to those who check it.
    """
    if not isinstance(body, str) or len(body) > MAX_SOURCE:
        return
    body = as_saved(body)
    try:
        key = _key(body_hash(body))
    except UnicodeEncodeError:
        return
    with _big if len(body) > BIG else nullcontext():
        session.info.setdefault(_PREPARED, {})[key] = render(body, _placeholder)
        if len(body) > BIG:
            look_ahead(session, body)


def keep_rendering(session: Session, body: str, sha256: str) -> Rendered:
    """Render a body and keep it, in the transaction of the save."""
    made = rendered(session, body, sha256)
    if session.get(Rendering, _key(sha256)) is None:
        _keep(session, [_row(sha256, made)])
    return made


def keep_renderings(session: Session, bodies: Mapping[str, str]) -> dict[str, Rendered]:
    """The same for many bodies by hash, with one SELECT; what was made is flushed and let go of."""
    wanted = {_key(sha256): sha256 for sha256 in bodies}
    found = session.scalars(select(Rendering).where(Rendering.key.in_(wanted))).all()
    made = {wanted[kept.key]: _as_made(kept) for kept in found}
    new = []
    for sha256, body in bodies.items():
        if sha256 not in made:
            made[sha256] = render(body, _placeholder)
            new.append(_row(sha256, made[sha256]))
    _keep(session, new)
    for row in found:
        session.expunge(row)
    return made


def _keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Two saves of the same words at once make the same rendering; whoever comes second leaves it be."""
    if rows:
        upsert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        # In one order everywhere: two imports that share bodies must not wait for each other in a circle.
        session.execute(
            upsert(Rendering).on_conflict_do_nothing(), sorted(rows, key=lambda row: str(row["key"]))
        )


def _as_made(kept: Rendering) -> Rendered:
    outline = tuple(Heading(**heading) for heading in kept.outline)
    return Rendered(kept.html, kept.text, outline, kept.truncated)


def _row(sha256: str, made: Rendered) -> dict[str, Any]:
    outline = [vars(heading).copy() for heading in made.outline]
    return {
        "key": _key(sha256), "html": made.html, "text": made.text, "outline": outline, "truncated": made.truncated
    }  # fmt: skip


@dataclass(frozen=True)
class Covered:
    """A slot a note fills, and the heading it stands under (None: the whole note)."""

    slot: Slot
    heading: str | None
    anchor: str | None


def covered_slots(kind: Kind, made: Rendered, *, has_attachment: bool = False) -> list[Covered]:
    """Which slots a note fills: known headings with text under them, and what its kind stands for.

    Headings are no text, and neither are fillers: what a new note opens with fills nothing, nor does "n/a".
    """
    has_attachment = has_attachment or names_attachment(made)
    lead, *under = (not is_filler(text, has_attachment=has_attachment) for text in own_texts(made))
    starts = [heading.start for heading in made.outline]
    written = [0, *accumulate(under)]  # how many of the headings before have text of their own
    found: dict[Slot, Covered] = {}
    for number, heading in enumerate(made.outline):
        slot = slot_of_heading(heading.text)
        if slot and slot not in found and written[bisect_left(starts, heading.end)] > written[number]:
            found[slot] = Covered(slot, heading.text, heading.anchor)
    whole = WHOLE_NOTE.get(kind)
    if whole and whole not in found and (lead or written[-1]):
        found[whole] = Covered(whole, None, None)
    return list(found.values())


def covers(kind: Kind, made: Rendered, *, has_attachment: bool = False) -> list[dict[str, Any]]:
    """The same as a note keeps it."""
    return [
        {"slot": str(found.slot), "heading": found.heading, "anchor": found.anchor}
        for found in covered_slots(kind, made, has_attachment=has_attachment)
    ]


def link_keys(made: Rendered) -> set[str]:
    """Keys of the titles that a rendered body links to."""
    return {title_key(unquote(match[1])) for match in _LINK.finditer(made.html)} - {""}


def with_links(session: Session, handover_id: str, html: str, *, drafts_of: str | None = None) -> str:
    """Fill in [[links]]: to the note of that title or id in the same handover, or marked as not written yet."""
    wanted = {unquote(match[1]) for match in _LINK.finditer(html)}
    if not wanted:
        return html
    keys = {title_key(target) for target in wanted} | wanted
    rows = session.execute(
        select(Note.id, Note.title_key)
        .where(Note.handover_id == handover_id, Note.deleted_at.is_(None))
        .where(Note.title_key.in_(keys) | Note.id.in_(wanted))
        .where((Note.status == "published") | (Note.author_id == drafts_of))
        .order_by(Note.created_at.desc())
    ).all()
    by_key: dict[str, str] = {key: note_id for note_id, key in rows} | {
        note_id: note_id for note_id, _key in rows
    }
    by_key |= formerly_called(session, handover_id, keys - by_key.keys(), drafts_of=drafts_of)

    def fill(match: re.Match[str]) -> str:
        target = unquote(match[1])
        note_id = by_key.get(title_key(target)) or by_key.get(target)
        if note_id:
            return f'<a class="wikilink" href="/notes/{note_id}"{match[2]}>{match[3]}</a>'
        new = f"/handovers/{handover_id}/notes/new?title={quote(target, safe='')}"
        return f'<a class="wikilink wikilink-missing" href="{escape(new)}">{match[3]}</a>'

    return _LINK.sub(fill, html)

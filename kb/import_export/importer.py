"""Bringing notes into a handover: everything, or nothing and a report by file name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, require
from kb.checklists.models import Item
from kb.db import Database
from kb.errors import FieldError, Invalid
from kb.handovers.models import Membership
from kb.handovers.queries import handover_facts
from kb.i18n import _
from kb.import_export.bundle import bundle_in
from kb.import_export.reader import ReadNote, read
from kb.import_export.rest import Files, Rest
from kb.import_export.sources import Entry, Remark, Sources, opened
from kb.notes.bulk import create_notes, in_batches
from kb.notes.guarding import guard, refusal, words_of
from kb.notes.models import Note
from kb.notes.queries import visible_notes
from kb.notes.rendering import body_hash, keep_renderings
from kb.notes.schemas import note_fields
from kb.notes.titles import title_key
from kb.people.models import User

# So many errors are gathered before giving up.
MOST_PROBLEMS = 50
# Files of so many bytes together are read once and kept; more are read again at each stage.
KEPT_BYTES = 64_000_000
# Rendered between two commits: how long somebody else's save may have to wait.
RENDERED_AT_ONCE = 50

CHECKING, RENDERING, WRITING = "checking", "rendering", "writing"
Progress = Callable[[str, int, int], None]


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress nobody looks at."""


@dataclass(frozen=True)
class Report:
    """What an import did, or would do: new notes' ids, files left out and why, remarks about files taken."""

    files: int
    notes: tuple[str, ...] = ()
    skipped: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    items: int = 0  # of the checklist, made anew
    entries: int = 0  # of the register, made anew


@dataclass
class _Target:
    """The handover as files may refer to it."""

    identity: Identity
    handover_id: str
    items: dict[str, str]  # id, template key or folded title -> id
    members: frozenset[str]
    may_name_authors: bool
    present: dict[str, set[str]]  # folded titles of the notes the importer may see -> hashes of their bodies
    accept_secrets: bool = False
    remarks: list[Remark] = field(default_factory=list)
    kept: dict[Entry, dict[str, Any]] = field(default_factory=dict)


def bring_in(
    database: Database, identity: Identity, handover_id: str, path: Path, *,
    dry_run: bool = False, accept_secrets: bool = False, progress: Progress = quiet, files: Files | None = None,
) -> Report:  # fmt: skip
    """Import a folder, zip or Markdown file; raises Invalid by file name, and then nothing was written.

    Files that look as if they held secrets are left out unless these are accepted. An export brings its checklist
    and register too where the importer may write them, and its attachments where `files` says to where.
    """
    with database.transaction(read_only=True) as session:
        target = replace(_target(session, identity, handover_id), accept_secrets=accept_secrets)
    bundle = bundle_in(path)
    with opened(path) as sources:
        rest = Rest(bundle, files, target.items, target.members) if bundle else None
        if rest:
            rest.only_notes(sources)
        if not sources.entries and not (bundle and (bundle.items or bundle.register)):
            raise Invalid.field(path.name, _("There is no Markdown file in it."))
        _check(sources, target, progress)
        report = Report(len(sources.entries), (), tuple(sources.skipped), tuple(target.remarks))
        if dry_run or not (sources.entries or rest):
            return report
        # Rendering takes longest and belongs to nobody, so it is kept beforehand: the one
        # transaction that writes the notes then holds others up for seconds, not for a minute.
        _render(database, sources, target, progress)
        with database.transaction() as session:
            if rest:
                rest.before(session, identity, handover_id)
            entries = _entries(sources, target, progress, rest)
            notes = create_notes(session, identity, handover_id, entries) if sources.entries else []
            remarks = rest.after(session, identity, handover_id, notes) if rest else []
    counts = (len(rest.made), rest.entries) if rest else (0, 0)
    return Report(report.files, tuple(notes), report.skipped, (*report.remarks, *remarks), *counts)


def _target(session: Session, identity: Identity, handover_id: str) -> _Target:
    require(identity, Permission.NOTE_CREATE, handover_facts(session, handover_id))
    items: dict[str, str] = {}
    rows = session.execute(
        select(Item.id, Item.template_key, Item.title)
        .where(Item.handover_id == handover_id)
        .order_by(Item.position.desc())  # of two with one title the first is meant
    )
    for item_id, key, title in rows:
        items |= {title_key(title): item_id, item_id: item_id} | ({key: item_id} if key else {})
    members = session.scalars(
        select(User.email).join(Membership).where(Membership.handover_id == handover_id)
    )
    manages = can(identity, Permission.MEMBERS_MANAGE, Facts(handover_id))
    present = _present(session, identity, handover_id)
    return _Target(identity, handover_id, items, frozenset(members), manages, present)


def _present(session: Session, identity: Identity, handover_id: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    notes = visible_notes(identity).where(Note.handover_id == handover_id)
    for key, sha256 in session.execute(notes.with_only_columns(Note.title_key, Note.body_sha256)):
        found[key].add(sha256)
    return found


def _check(sources: Sources, target: _Target, progress: Progress) -> None:
    """Read every file as if to import it; raises Invalid with what is wrong in the first bad ones."""
    problems: list[FieldError] = []
    taken: list[Entry] = []
    keep = sum(entry.size for entry in sources.entries) <= KEPT_BYTES
    for number, entry in enumerate(sources.entries, 1):
        try:
            data = _taken(entry, sources, target)
            if data is not None:
                taken.append(entry)
            if data is not None and keep:
                target.kept[entry] = data
        except Invalid as refused:
            problems += [_about(entry, error) for error in refused.errors]
        if len(problems) >= MOST_PROBLEMS:
            text = _("Files after this one have not been looked at.")
            raise Invalid([*problems, FieldError(entry.name, text)])
        progress(CHECKING, number, len(sources.entries))
    if problems:
        raise Invalid(problems)
    sources.entries[:] = taken


def _taken(entry: Entry, sources: Sources, target: _Target) -> dict[str, Any] | None:
    """What is to be written for a file, None where it is left out; raises Invalid where it cannot be."""
    note = read(entry)
    if note.empty:
        sources.skip(entry.name, _("empty"))
        return None
    remarks: list[Remark] = []
    data = _input(entry, note, target, remarks)
    fields = note_fields(data, creating=True)
    present = target.present.get(title_key(fields["title"]))
    if present and body_hash(fields["body"]) in present:
        sources.skip(entry.name, _("already there"))
        return None
    secrets = guard(words_of(fields), accepted=True)
    if secrets and not target.accept_secrets:
        placed = [replace(one, line=one.line + note.above) for one in secrets]
        sources.skip(entry.name, refusal(placed).message)
        return None
    if present:
        text = _("Another note has this title already, with other words; now there are both.")
        remarks.append(Remark(entry.name, text))
    target.remarks.extend(remarks)
    return data | {"secrets": secrets}


def _about(entry: Entry, error: FieldError) -> FieldError:
    if error.field == entry.name:
        return error
    return FieldError(entry.name, f"{error.field}: {error.message}")


def _render(database: Database, sources: Sources, target: _Target, progress: Progress) -> None:
    done = 0
    for batch in in_batches(sources.entries, RENDERED_AT_ONCE):
        bodies = {body_hash(body): body for body in (_checked(entry, target)["body"] for entry in batch)}
        with database.transaction() as session:
            keep_renderings(session, bodies)
        done += len(batch)
        progress(RENDERING, done, len(sources.entries))


def _entries(
    sources: Sources, target: _Target, progress: Progress, rest: Rest | None
) -> Iterator[dict[str, Any]]:
    for number, entry in enumerate(sources.entries, 1):
        data = _checked(entry, target)
        yield rest.named(data) if rest else data
        progress(WRITING, number, len(sources.entries))


def _checked(entry: Entry, target: _Target) -> dict[str, Any]:
    return target.kept.get(entry) or _input(entry, read(entry), target, [])


def _input(entry: Entry, note: ReadNote, target: _Target, remarks: list[Remark]) -> dict[str, Any]:
    """A file as `create_notes` takes it; what it refers to and is not there is remarked on."""
    data = note.fields | {
        "items": _items(entry, note, target, remarks),
        "accept_secrets": target.accept_secrets,
        "was": note.was,
    }
    if note.author in target.members and target.may_name_authors:
        data["author"] = note.author
    elif note.author and note.author != target.identity.email:
        text = _("%(email)s cannot be its author here; whoever imports it is.") % {"email": note.author}
        remarks.append(Remark(entry.name, text))
    if note.owner in target.members:
        data["owner"] = note.owner
    elif note.owner:
        text = _("%(email)s is not in this handover; its author owns it.") % {"email": note.owner}
        remarks.append(Remark(entry.name, text))
    return data


def _items(entry: Entry, note: ReadNote, target: _Target, remarks: list[Remark]) -> list[str]:
    found: dict[str, None] = {}
    for named in note.items:
        item = target.items.get(named.strip()) or target.items.get(title_key(named))
        if item:
            found[item] = None
        else:
            text = _("There is no checklist item “%(item)s”.") % {"item": named[:100]}
            remarks.append(Remark(entry.name, text))
    return list(found)

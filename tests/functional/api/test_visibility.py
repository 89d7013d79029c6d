"""The SQL forms of "may read" agree with the policy table, for everybody and everything."""

from __future__ import annotations

from sqlalchemy import select

from kb.access.identity import Facts
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.handovers.models import Handover
from kb.handovers.queries import identity_of
from kb.handovers.visibility import readable_handovers
from kb.notes.models import Note
from kb.notes.queries import note_facts, visible_notes
from kb.people.queries import user_by_email
from kb.search.service import scopes_of
from tests.support.api import World

PEOPLE = ["leaver", "successor", "manager", "trainer", "viewer", "stranger", "admin"]


def drafts_and_notes(world: World) -> None:
    """A published note and a draft by everyone who can write."""
    for who in ("leaver", "successor", "manager", "trainer"):
        for status in ("draft", "published"):
            world.note(by=who, status=status, title=f"{who} {status}")
    world.stranger.post(f"/handovers/{world.foreign}/notes", {"kind": "case", "title": "F", "body": "x"})


def test_readable_handovers(world: World):
    with world.database.transaction(read_only=True) as session:
        every = list(session.scalars(select(Handover.id)))
        for who in PEOPLE:
            user = user_by_email(session, world.callers[who].email)
            assert user is not None
            identity = identity_of(session, user)
            allowed = {h for h in every if can(identity, Permission.HANDOVER_READ, Facts(h))}
            assert (
                set(session.scalars(readable_handovers(identity))) == allowed == set(identity.handovers_as())
            )


def test_visible_notes_and_scopes(world: World):
    drafts_and_notes(world)
    with world.database.transaction(read_only=True) as session:
        mine = select(Note).where(Note.handover_id.in_([world.handover, world.foreign]))
        notes = list(session.scalars(mine))
        assert len(notes) == 9
        for who in PEOPLE:
            user = user_by_email(session, world.callers[who].email)
            assert user is not None
            identity = identity_of(session, user)
            allowed = {n.id for n in notes if can(identity, Permission.NOTE_READ, note_facts(session, n.id))}
            assert set(session.scalars(visible_notes(identity).with_only_columns(Note.id))) == allowed
            scopes = scopes_of(identity)
            assert {n.id for n in notes if scopes & note_scopes(n)} == allowed


def note_scopes(note: Note) -> set[str]:
    """Where the index files a note."""
    if note.status == "draft":
        return {f"m:{note.handover_id}", f"a:{note.handover_id}:{note.author_id}"}
    return {f"h:{note.handover_id}"}

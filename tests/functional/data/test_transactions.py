"""One transaction at a time writes; what was acknowledged is there, what was not is not."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from sqlalchemy import select

from kb.activity.models import Event
from kb.activity.record import actor_mark, chain_hash, record
from kb.annotations.services import save_note
from kb.db import Database
from kb.errors import BaseNeeded, Conflict
from kb.handovers.queries import my_handovers
from kb.migrations import current, differences, head
from kb.notes.models import Note, Revision
from kb.people.models import User
from tests.support.factories import make_handover, make_note, make_user, who


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    assert current(database) == head()
    assert differences(database) == []


def test_writers_of_one_note_lose_nothing(database: Database) -> None:
    """Eight writers, five edits each: every acknowledged one is in the history, in an unbroken row."""
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(session, manager, make_handover(session, manager=manager), body="0\n")
    acknowledged: list[str] = []

    def edit(writer: int) -> None:
        for turn in range(5):
            words = f"{writer}-{turn}"
            while True:
                with database.transaction(read_only=True) as session:
                    base = session.scalar(select(Note.revision).where(Note.id == note.id))
                try:
                    with database.transaction() as session:
                        save_note(session, who(session, manager), note.id, {"body": words}, base)
                except Conflict:
                    continue
                acknowledged.append(words)
                break

    threads = [threading.Thread(target=edit, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(read_only=True) as session:
        rows = list(
            session.scalars(select(Revision).where(Revision.note_id == note.id).order_by(Revision.number))
        )
    assert [row.number for row in rows] == list(range(1, 42))
    assert [row.body for row in rows[1:]] == acknowledged


def test_a_stale_edit_is_refused_with_a_merge(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(
            session, manager, make_handover(session, manager=manager), body="one\n\ntwo\n\nthree\n"
        )
    with database.transaction() as session:
        save_note(session, who(session, manager), note.id, {"body": "ONE\n\ntwo\n\nthree\n"}, 1)
    with pytest.raises(Conflict) as caught, database.transaction() as session:
        save_note(session, who(session, manager), note.id, {"body": "one\n\ntwo\n\nTHREE\n"}, 1)
    assert caught.value.extra["current_revision"] == 2
    assert caught.value.extra["merge"] == {"body": "ONE\n\ntwo\n\nTHREE\n", "conflicts": 0}
    with pytest.raises(BaseNeeded), database.transaction() as session:
        save_note(session, who(session, manager), note.id, {"body": "x"}, None)


def test_nothing_changed_is_no_revision(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(session, manager, make_handover(session, manager=manager), body="one\n")
    with database.transaction() as session:
        same, changed = save_note(
            session, who(session, manager), note.id, {"body": "one\n", "title": note.title}, 1
        )
    assert (same.revision, changed) == (1, False)


def test_the_audit_chain_holds_under_concurrent_writers(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)

    def write() -> None:
        for _ in range(5):
            with database.transaction() as session:
                make_note(session, manager, handover)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction(read_only=True) as session:
        events = list(session.scalars(select(Event).order_by(Event.id)))
    assert len([event for event in events if event.action == "note.created"]) == 20
    previous = ""
    for event in events:
        assert event.previous == previous
        assert event.hash == chain_hash(event, previous)
        assert event.actor_mark == actor_mark(event.actor_id)
        previous = event.hash


def test_the_audit_chain_outlives_an_erased_account_and_tells_who_it_was(database: Database) -> None:
    with database.transaction() as session:
        user = make_user(session)
        record(session, actor_id=user.id, action="test.done", object_type="test", object_id="x")
    with database.transaction() as session:
        session.delete(session.get_one(User, user.id))
    with database.transaction(read_only=True) as session:
        event = session.scalars(select(Event).where(Event.action == "test.done")).one()
    assert (event.actor_id, event.actor_mark) == (None, actor_mark(user.id))
    assert event.hash == chain_hash(event, event.previous)
    event.actor_mark = actor_mark("somebodyelse")
    assert event.hash != chain_hash(event, event.previous)


@pytest.mark.parametrize(
    "order", [("kb.activity.record", "kb.search.changes"), ("kb.search.changes", "kb.activity.record")]
)
def test_the_locks_of_a_commit_are_taken_in_one_order_whatever_is_imported_first(
    order: tuple[str, str],
) -> None:
    imports = "".join(f"import {name}\n" for name in order)
    script = f"{imports}from kb import db\nprint(*[hook.__module__ for _lock, hook in db._before_commit])"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == ["kb.activity.record", "kb.search.changes"]


def test_a_reader_sees_only_their_handovers(database: Database) -> None:
    with database.transaction() as session:
        manager, stranger = make_user(session), make_user(session)
        handover = make_handover(session, manager=manager)
        make_handover(session)
        mine = list(session.scalars(my_handovers(who(session, manager))))
        theirs = list(session.scalars(my_handovers(who(session, stranger))))
    assert [one.id for one in mine] == [handover.id]
    assert theirs == []

"""What a transaction touches is in the log exactly when the transaction is in the database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from kb.annotations.services import create_annotation, reply, save_note
from kb.checklists.services import add_item, change_item
from kb.db import Database
from kb.notes.services import delete_note, restore_note
from kb.search import changes
from kb.search.models import Change
from tests.support.factories import make_handover, make_note, make_user, who


def logged(database: Database, after: int = 0) -> list[tuple[str, str]]:
    with database.transaction(read_only=True) as session:
        rows = session.scalars(select(Change).where(Change.seq > after).order_by(Change.seq))
        return [(row.type, row.object_id) for row in rows]


def newest(database: Database) -> int:
    with database.transaction(read_only=True) as session:
        return changes.newest(session)


def test_every_kind_of_write_is_logged(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        note = make_note(session, manager, handover, body="The words to mark.")
        item = add_item(session, who(session, manager), handover.id, {"module": "Orders", "title": "Refunds"})
    assert ("note", note.id) in logged(database) and ("item", item.id) in logged(database)

    steps = [
        (lambda s, me: save_note(s, me, note.id, {"title": "Renamed"}, 1), ("note", note.id)),
        (lambda s, me: change_item(s, me, item.id, {"title": "Refund review"}), ("item", item.id)),
        (lambda s, me: save_note(s, me, note.id, {"items": [item.id]}, 2), ("note", note.id)),
        (lambda s, me: delete_note(s, me, note.id), ("note", note.id)),
        (lambda s, me: restore_note(s, me, note.id), ("note", note.id)),
    ]
    for step, expected in steps:
        before = newest(database)
        with database.transaction() as session:
            step(session, who(session, manager))
        assert expected in logged(database, before)


def test_annotations_and_replies_are_logged(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        note = make_note(session, manager, make_handover(session, manager=manager), body="The words to mark.")
    with database.transaction() as session:
        data = {"kind": "comment", "body": "Why?", "exact": "words to mark"}
        remark = create_annotation(session, who(session, manager), note.id, data)
    assert logged(database)[-1] == ("annotation", remark.id)
    before = newest(database)
    with database.transaction() as session:
        reply(session, who(session, manager), remark.id, {"body": "Because."})
    assert ("annotation", remark.id) in logged(database, before)


def test_a_rolled_back_transaction_logs_nothing(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
    before = newest(database)
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        make_note(session, manager, handover)
        raise ZeroDivisionError
    assert logged(database, before) == []


def test_no_reader_steps_over_an_uncommitted_row(database: Database) -> None:
    """Two writers at once: whoever reads the log never sees a number above one that is still to come."""
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
    seen: list[int] = []
    writing = threading.Event()

    def write() -> None:
        for _ in range(15):
            with database.transaction() as session:
                make_note(session, manager, handover)

    def read() -> None:
        position = 0
        while not writing.is_set() or newest(database) > position:
            with database.transaction(read_only=True) as session:
                for row in changes.after(session, position, 500):
                    seen.append(row.seq)
                    position = row.seq

    writers = [threading.Thread(target=write) for _ in range(4)]
    reader = threading.Thread(target=read)
    for thread in [*writers, reader]:
        thread.start()
    for thread in writers:
        thread.join()
    writing.set()
    reader.join()
    with database.transaction(read_only=True) as session:
        everything = list(session.scalars(select(Change.seq).order_by(Change.seq)))
    assert seen == everything

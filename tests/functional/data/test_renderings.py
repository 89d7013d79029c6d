"""Renderings: made again under a new version, and never made while a transaction keeps others waiting."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, event, func, select

from kb.config import Settings
from kb.db import Database
from kb.notes import rendering
from kb.notes.models import Kind, Note, Rendering
from kb.notes.rendering import as_saved, prepare, rendered
from kb.notes.services import create_note
from kb.notes.upkeep import AT_ONCE, renew_renderings
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from tests.support.factories import make_handover, make_note, make_user, who


def _forget(database: Database) -> None:
    """As after an update that raised RENDERER_VERSION and knows more headings."""
    with database.transaction() as session:
        session.execute(delete(Rendering))
        for note in session.scalars(select(Note)):
            note.covers = []


def test_every_note_is_rendered_again_and_covers_what_it_covers(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        notes = [
            make_note(session, manager, handover, body=f"## Steps\n\nStep {n}.\n") for n in range(AT_ONCE + 2)
        ]
        before = {note.id: (note.covers, note.updated_at) for note in notes}
    _forget(database)
    assert renew_renderings(database) == AT_ONCE + 2
    with database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Rendering)) == AT_ONCE + 2
        after = {note.id: (note.covers, note.updated_at) for note in session.scalars(select(Note))}
    assert after == before
    assert all(covers for covers, _at in after.values())
    assert renew_renderings(database) == 0


def test_whoever_writes_the_index_renews_first(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        make_note(session, manager, make_handover(session, manager=manager), body="the fallback finds this")
    _forget(database)
    live = LiveIndex(Path(settings.search_index))
    indexer = Indexer(database, live)
    indexer.start()
    try:
        _until_indexed(indexer)
    finally:
        indexer.stop()
        live.close()
    with database.transaction(read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(Rendering)) == 1


def _until_indexed(indexer: Indexer) -> None:
    while indexer.status().state != "ready" or indexer.status().pending:
        pass


def test_a_text_is_rendered_before_the_transaction_begins(database: Database) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        identity = who(session, manager)
    begun: list[object] = []

    def begins(connection: object) -> None:
        begun.append(connection)

    event.listen(database.engine, "begin", begins)
    with database.transaction() as session:
        prepare(session, "- one\r\n- [[Two]]\r\n")
        prepare(session, None)
        prepare(session, "\ud800")
        assert not begun
        made = rendered(session, as_saved("- one\r\n- [[Two]]\r\n"))
        assert not begun  # it was found where it was prepared
        note = create_note(
            session, identity, handover.id, {"kind": "case", "title": "t", "body": "- one\r\n- [[Two]]\r\n"}
        )
        assert begun
    event.remove(database.engine, "begin", begins)
    with database.transaction(read_only=True) as session:
        kept = session.scalars(
            select(Rendering).where(Rendering.key == rendering.key_of(note.body_sha256))
        ).one()
    assert (kept.html, kept.text) == (made.html, made.text)
    assert note.covers == rendering.covers(Kind.CASE, made)

"""What became hidden is counted nowhere, even before the index knows of it (R11)."""

from __future__ import annotations

from kb.annotations.services import create_annotation, save_note
from kb.config import Settings
from kb.db import Database
from kb.people.models import User
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from kb.search.suggesting import suggest
from tests.support.factories import make_handover, make_note, make_user, who


def test_a_note_made_a_draft_is_in_no_count_or_facet_while_the_index_waits(
    database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        manager, viewer = make_user(session), make_user(session)
        handover = make_handover(session, manager=manager, viewer=viewer)
        note = make_note(session, manager, handover, title="Refunds one", body="Money.", tags=["secret"])
        make_note(session, manager, handover, title="Refunds two")
        remark = {"kind": "comment", "body": "refunds remark", "exact": "Money"}
        create_annotation(session, who(session, manager), note.id, remark)
    live = LiveIndex(settings.search_index)
    indexer = Indexer(database, live)
    assert indexer.take_lock()  # and nobody else writes
    indexer.catch_up()

    def seen(user: User) -> tuple[int, list[str], int]:
        with database.transaction(read_only=True) as session:
            me = who(session, user)
            answer = search(session, live, me, SearchRequest("refunds"))
            assert not answer.degraded
            tags = [entry.value for entry in answer.facets["tag"]]
            assert sum(entry.count for entry in answer.facets["type"]) == answer.total == len(answer.hits)
            return answer.total, tags, len(suggest(session, live, me, "refunds"))

    assert seen(viewer) == (3, ["secret"], 3)
    with database.transaction() as session:
        save_note(session, who(session, manager), note.id, {"status": "draft"}, 1)
    assert seen(viewer) == (1, [], 1)
    assert seen(manager) == (3, ["secret"], 3)
    indexer.stop()

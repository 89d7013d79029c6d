"""While there is no index the database answers the same language, about everything that can be found."""

from __future__ import annotations

from sqlalchemy import delete

from kb.annotations.services import create_annotation
from kb.checklists.services import add_item
from kb.config import Settings
from kb.db import Database
from kb.notes.models import Rendering
from kb.search.live import LiveIndex
from kb.search.service import SearchRequest, search
from tests.support.factories import make_handover, make_note, make_user, who

TITLES = {
    '"slow refunds"': {"Slow refunds"},
    '"refunds slow"': set(),
    "refunds -slow": {"Checking refunds", "A trap"},
    "kind:pitfall refunds": {"A trap"},
    "-kind:pitfall in:title refunds": {"Slow refunds", "Checking refunds"},
    "tag:Money": {"Slow refunds"},
    "module:order": {"Checking refunds"},
    "so-20261118-00417": {"A trap"},
    "finance": {"Checking refunds", "Slow refunds"},
    "-refunds": set(),
    "订单": {"A trap"},
}


def test_the_language_and_every_type(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        manager = make_user(session)
        handover = make_handover(session, manager=manager)
        me = who(session, manager)
        guidance = {"guidance": "Finance first."}
        add_item(session, me, handover.id, {"module": "Orders", "title": "Checking refunds", **guidance})
        slow = make_note(session, manager, handover, title="Slow refunds", body="Wait.", tags=["money"])
        make_note(
            session, manager, handover, title="A trap", kind="pitfall", body="订单 refunds SO-20261118-00417"
        )
        create_annotation(session, me, slow.id, {"kind": "question", "body": "Ask finance?", "exact": "Wait"})
        # An upgrade of the renderer leaves none of this version.
        session.execute(delete(Rendering))
    live = LiveIndex(settings.search_index)
    with database.transaction(read_only=True) as session:
        for text, titles in TITLES.items():
            answer = search(session, live, who(session, manager), SearchRequest(text))
            assert answer.degraded
            assert {hit.title for hit in answer.hits} == titles, text
            assert answer.total == len(answer.hits)

"""The index follows the log, and without an index the database answers."""

from __future__ import annotations

import pytest

from kb.annotations.services import create_annotation, save_note
from kb.checklists.services import add_item, change_item
from kb.notes.services import delete_note, restore_note
from kb.search.interface import Filters
from kb.search.service import SearchRequest, search
from tests.functional.indexing.conftest import Searching
from tests.support.factories import who


def test_a_saved_note_is_found_and_a_deleted_one_is_not(here: Searching) -> None:
    note = here.write(title="退款审核太慢", body="大促之后退款审批要三天。")
    here.index()
    assert here.titles("退款") == ["退款审核太慢"]
    assert here.titles("审批") == ["退款审核太慢"]
    with here.database.transaction() as session:
        save_note(session, who(session, here.manager), note.id, {"body": "现在只要两个小时。"}, 1)
    here.index()
    assert here.titles("审批") == []
    assert here.titles("小时") == ["退款审核太慢"]
    with here.database.transaction() as session:
        delete_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("小时") == []
    with here.database.transaction() as session:
        restore_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("小时") == ["退款审核太慢"]


def test_a_renamed_module_is_renamed_for_its_notes(here: Searching) -> None:
    with here.database.transaction() as session:
        me = who(session, here.manager)
        item = add_item(session, me, here.handover.id, {"module": "Orders", "title": "Refunds"})
    here.write(title="Slow refunds", items=[item.id])
    here.index()
    assert here.titles("slow", module="Orders") == ["Slow refunds"]
    with here.database.transaction() as session:
        change_item(session, who(session, here.manager), item.id, {"module": "After sales"})
    here.index()
    assert here.titles("slow", module="Orders") == []
    assert here.titles("slow", module="After sales") == ["Slow refunds"]


def test_an_annotation_goes_with_its_note(here: Searching) -> None:
    note = here.write(title="Refunds", body="Ask finance first.")
    with here.database.transaction() as session:
        data = {"kind": "comment", "body": "Xiaowen retired", "exact": "finance"}
        create_annotation(session, who(session, here.manager), note.id, data)
    here.index()
    assert here.titles("xiaowen") == ["Refunds"]
    with here.database.transaction() as session:
        delete_note(session, who(session, here.manager), note.id)
    here.index()
    assert here.titles("xiaowen") == []


def test_indexing_twice_changes_nothing(here: Searching) -> None:
    here.write(title="Once")
    here.index()
    before = here.indexer.status()
    here.index()
    assert here.indexer.status().documents == before.documents == 1
    assert here.titles("once") == ["Once"]


def test_while_there_is_no_index_the_database_answers(here: Searching) -> None:
    here.write(title="退款审核", body="找财务。")
    with here.database.transaction(read_only=True) as session:
        answer = search(session, here.live, who(session, here.manager), SearchRequest("财务"))
    assert answer.degraded
    assert [hit.title for hit in answer.hits] == ["退款审核"]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"tag": "退款"}, ["Slow refunds"]),
        ({"tag": "退"}, []),
        ({"kind": "pitfall"}, ["Trap"]),
        ({"module": "Orders"}, ["Refunds", "Slow refunds"]),
        ({"importance": "critical"}, ["Trap"]),
        ({"type": "note"}, ["Slow refunds", "Trap"]),
        ({"type": "item"}, ["Refunds"]),
        ({"author": "nobody@example.com"}, []),
    ],
)
def test_without_an_index_the_filters_hold_too(
    here: Searching, filters: dict[str, str], titles: list[str]
) -> None:
    with here.database.transaction() as session:
        me = who(session, here.manager)
        item = add_item(session, me, here.handover.id, {"module": "Orders", "title": "Refunds"})
    here.write(title="Slow refunds", tags=["退款"], items=[item.id])
    here.write(title="Trap", kind="pitfall", importance="critical")
    with here.database.transaction(read_only=True) as session:
        request = SearchRequest("", Filters(**filters))  # type: ignore[arg-type]
        answer = search(session, here.live, who(session, here.manager), request)
        again = search(
            session, here.live, who(session, here.manager), SearchRequest("", request.filters, offset=50)
        )
    assert answer.degraded
    assert sorted(hit.title for hit in answer.hits) == titles
    assert answer.total == len(titles)
    assert again.hits == ()

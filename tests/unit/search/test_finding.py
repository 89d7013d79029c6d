"""What a search finds, in which order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kb.clock import now
from kb.search.interface import PERIODS, Filters, first_day
from kb.search.language import parse
from kb.search.whoosh_index import SearchIndex
from tests.unit.search.conftest import Built
from tests.unit.search.factory import SCOPES, START, counts, document, found, search

NOTES = (
    document("1", "售后", "客户申请退款之后，先查订单号 TB20261103-0092 再审批。"),
    document(
        "2",
        "Refund review",
        "We approve refunds within two days. Error: ERR_CONN_REFUSED at li.wei@example.com",
    ),
    document("3", "網站備案", "請款單要先退回財務，退貨按流程走。", kind="case"),
    document("4", "盘点", "每月最后一天盘点仓库，款项另计。", tags=("月结",), modules=("仓储物流",)),
)


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    index = SearchIndex.create(tmp_path_factory.mktemp("notes") / "index")
    index.apply(NOTES, [], 1)
    return index


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退款", ["1"]),
        ("款退", []),
        ("单", ["1", "3"]),
        ("审批", ["1"]),
        ("審批", ["1"]),
        ("备案", ["3"]),
        ("退货", ["3"]),
        ("refunds", ["2"]),
        ("reviewing", ["2"]),
        ("ＴＢ２０２６１１０３－００９２", ["1"]),
        ("TB20261103", ["1"]),
        ("20261103", ["1"]),
        ("err_conn_refused", ["2"]),
        ("li.wei@example.com", ["2"]),
        ("refu*", ["2"]),
        ("tb2026*", ["1"]),
        ('"refunds within two"', ["2"]),
        ('"within refunds"', []),
        ("“退款之后”", ["1"]),
        ("“退款之前”", []),
        ("in:title review", ["2"]),
        ("in:title 退款", []),
        ("月结", ["4"]),
        ("仓储物流", ["4"]),
        ("单 -审批", ["3"]),
        ('单 -"退回财务"', ["1"]),
        ("-退款", []),
        ("kind:case", ["3"]),
        ("-kind:case 单", ["1"]),
        ("module:仓储", ["4"]),
        ("tag:月結", ["4"]),
        ("tag:月", []),
        ("kind:case kind:procedure 单", ["1", "3"]),
        ("!!!", []),
        ("zzz", []),
    ],
)
def test_what_is_found(notes: SearchIndex, text: str, expected: list[str]) -> None:
    assert sorted(found(notes, text)) == expected


def test_a_pasted_error_message_finds_its_note_first(notes: SearchIndex) -> None:
    pasted = (
        'Traceback (most recent call last): File "pay.py", line 9\n  Error: ERR_CONN_REFUSED\n'
        + "at frame 7 " * 200
    )
    assert found(notes, pasted)[0] == "2"


def test_whole_hits_come_before_partial_ones(index_of: Built) -> None:
    long = "很长的说明" * 40
    index = index_of(
        document("1", "退款 退款 退款", "退款" * 20),
        document("2", "其他", f"{long}退款的审核要主管同意{long}"),
        document("3", "其他", f"{long}退款审核{long}"),
        *(document(f"x{i}", "别的", "别的事情") for i in range(10)),
    )
    assert found(index, "退款审核")[0] == "3"
    assert sorted(found(index, "退款 审核")[:2]) == ["2", "3"]
    scores = {hit.id: hit.score for hit in search(index, "退款审核").hits}
    assert scores["note:3"] >= 1 > max(scores["note:1"], scores["note:2"])


def test_titles_weigh_more_than_bodies_and_written_forms_more_than_other_forms(index_of: Built) -> None:
    index = index_of(
        document("1", "Other", "about the warehouse refund"),
        document("2", "Refund", "about the warehouse"),
        document("3", "Other", "about the warehouse refunds"),
    )
    assert found(index, "refund")[0] == "2"
    assert found(index, "refunds warehouse").index("3") < found(index, "refunds warehouse").index("1")


def test_a_long_question_needs_no_document_with_every_word(index_of: Built) -> None:
    index = index_of(*NOTES, *(document(f"x{i}", "别的", "这里说的是别的事情") for i in range(10)))
    assert found(index, "客户要求退款的时候应该先查什么订单号")[0] == "1"


def test_no_words_but_a_filter_lists_the_newest_first(notes: SearchIndex) -> None:
    assert found(notes, "", kind="procedure") == ["4", "2", "1"]
    assert found(notes, "kind:procedure -盘点") == ["2", "1"]
    assert found(notes, "", updated_after=START.replace(day=4)) == ["4", "3"]


def test_pages_follow_each_other_and_the_total_is_of_all(index_of: Built) -> None:
    index = index_of(*(document(str(i), "退款", "退款") for i in range(25)))
    pages = [index.search(parse("退款"), SCOPES, Filters(), 10, offset) for offset in (0, 10, 20, 30)]
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert {page.total for page in pages} == {25}
    assert len({hit.id for page in pages for hit in page.hits}) == 25


def test_a_facet_leaves_out_its_own_filter_and_keeps_the_others(index_of: Built) -> None:
    index = index_of(
        document("1", "退款", kind="case", tags=("a", "b"), author="x@example.com"),
        document("2", "退款", kind="case", tags=("a",), author="y@example.com"),
        document("3", "退款", kind="pitfall", tags=("b",), author="x@example.com"),
        document("4", "别的", kind="pitfall", tags=("a",)),
    )
    results = search(index, "退款", kind="case", tag="b")
    assert results.total == 1
    assert counts(results, "kind") == {"case": 1, "pitfall": 1}
    assert counts(results, "tag") == {"a": 2, "b": 1}
    assert counts(results, "author") == {"x@example.com": 1}
    assert counts(search(index, "退款"), "tag") == {"a": 2, "b": 2}


def test_items_are_a_filter(index_of: Built) -> None:
    index = index_of(document("1", "退款", items=("i1", "i2")), document("2", "退款", items=("i2",)))
    assert found(index, "", item="i1") == ["1"]


def test_an_order_number_finds_its_order_and_not_what_shares_a_part(index_of: Built) -> None:
    index = index_of(
        document("1", "", "so far so good, so what"),
        document("2", "", "Order SO-20261118-00417 was late."),
        document("3", "", "Order SO-20261118-00500, another one of that day."),
        document("4", "", "Ask finance"),
    )
    assert found(index, "SO-20261118-00417") == ["2"]
    assert found(index, "SO-20261118-00417 finance")[0] == "2"
    assert set(found(index, "SO-20261118-00417 finance")) == {"2", "4"}
    assert set(found(index, "SO-20261118-99999")) == {"2", "3"}


def test_how_many_changed_lately_is_counted_under_all_other_filters(index_of: Built) -> None:
    today = now()
    ages = {"a": 1, "b": 5, "c": 20, "d": 100, "e": 900}
    documents = [document(name, "退款", updated_at=today - timedelta(days=age)) for name, age in ages.items()]
    index = index_of(*documents, document("f", "退款", kind="case", updated_at=today))
    since = {period: first_day(period) for period in PERIODS}
    all_of_them = search(index, "退款").changed
    assert [all_of_them[since[period]] for period in PERIODS] == [3, 4, 5]
    narrowed = search(index, "退款", kind="procedure", updated_after=today - timedelta(days=10)).changed
    assert [narrowed[since[period]] for period in PERIODS] == [2, 3, 4]

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.search.language import MAX_CLAUSES, MAX_UNITS, parse, typed_fields
from kb.search.query import Clause, FieldTerm, Prefix, Run, Sequence, Word

HOSTILE = [
    "**",
    "[a TO z]",
    "a ANDNOT " * 500,
    "(" * 1000,
    '"' * 999,
    "-" * 500,
    "kind:" * 500,
    "in:title " * 200,
    "退" * 5000,
    "a*" * 2000,
    "a* " * 500,
    "a.b-c_d/" * 500,
    "\x00\ud800\u202e",
    '-"',
    "in:title",
    "*",
    "kind:case" * 3,
]


def leaves(text: str) -> list[object]:
    return [clause.leaf for clause in parse(text).clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ERP 退款审核", [Word("erp"), Run("退款审核")]),
        ("ERP退款，审核", [Word("erp"), Run("退款"), Run("审核")]),
        ("TB20261103-0092", [Sequence((Word("tb20261103"), Word("0092")), strict=False)]),
        (
            "li.wei@example.com",
            [Sequence((Word("li"), Word("wei"), Word("example"), Word("com")), strict=False)],
        ),
        ("“退款 Review”", [Sequence((Run("退款"), Word("review")), strict=True)]),
        ("「退款」", [Sequence((Run("退款"),), strict=True)]),
        ("Refu*", [Prefix("refu")]),
        ("退款*", [Run("退款")]),
        ('say "hello', [Word("say"), Word("hello")]),
        ("foo:bar", [Word("foo"), Word("bar")]),
        ("kind:banana", [Word("kind"), Word("banana")]),
        ("kind: case", [Word("kind"), Word("case")]),
        ("how do I issue the refund", [Word("issue"), Word("refund")]),
        ("who am I", [Word("who"), Word("am"), Word("i")]),
        ("refund refund", [Word("refund")]),
        ("a -1 -- --verbose", [Word("1"), Word("verbose")]),
        ("dump -B shop", [Word("dump"), Word("b"), Word("shop")]),
    ],
)
def test_what_is_looked_up(text: str, expected: list[object]) -> None:
    assert leaves(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind:case", FieldTerm("kind", "case")),
        ("ＫＩＮＤ：Case", FieldTerm("kind", "case")),
        ("-tag:退貨", FieldTerm("tag", "退货", negated=True)),
        ('module:"Customer  Service"', FieldTerm("module", "customer service")),
        ("author:li@example.com", FieldTerm("author", "li@example.com")),
        ("importance:critical", FieldTerm("importance", "critical")),
        ("类型：案例", FieldTerm("kind", "case")),
        ("类别：批注", FieldTerm("type", "annotation")),
        ("kind:坑点", FieldTerm("kind", "pitfall")),
        ("重要性：关键", FieldTerm("importance", "critical")),
        ("重要程度:重要", FieldTerm("importance", "high")),
        ("type:清单项", FieldTerm("type", "item")),
        ("標籤：財務", FieldTerm("tag", "财务")),
        ("-作者：林晓雯", FieldTerm("author", "林晓雯", negated=True)),
        ("handover:abcdefabcde2", FieldTerm("handover", "abcdefabcde2")),
    ],
)
def test_typed_filters(text: str, expected: FieldTerm) -> None:
    query = parse(text)
    assert query.fields == (expected,)
    assert query.clauses == ()


def test_a_minus_takes_away_a_word_a_phrase_or_a_filter() -> None:
    query = parse('退款 -生鲜 -"late fee" -kind:case')
    assert query.wanted == (Clause(Run("退款")),)
    assert query.unwanted == (
        Clause(Run("生鲜"), negated=True),
        Clause(Sequence((Word("late"), Word("fee")), strict=True), negated=True),
    )
    assert query.fields == (FieldTerm("kind", "case", negated=True),)


def test_in_title_binds_to_the_next_word_or_phrase_only() -> None:
    assert [clause.title for clause in parse("in:title 退款 审核").clauses] == [True, False]
    assert [clause.title for clause in parse('refund in:title "late fee"').clauses] == [False, True]
    assert leaves("退款 in:title") == [Run("退款"), Word("title")]


@pytest.mark.parametrize(
    ("text", "lists"),
    [("", True), ("  ", True), ("kind:case", True), ("-kind:case", False), ("-退款", False), ("!?", False)],
)
def test_only_nothing_or_filters_list_everything(text: str, lists: bool) -> None:
    assert parse(text).lists_all is lists


def assert_bounded(text: str) -> None:
    query = parse(text)
    assert len(query.clauses) <= MAX_CLAUSES
    assert sum(clause.leaf.units for clause in query.clauses) <= MAX_UNITS
    query.terms_for_marking()


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_queries_are_text_of_bounded_size(text: str) -> None:
    assert_bounded(text)


PARTS = st.sampled_from(
    ['"', "-", ":", "*", "in:title", "kind:case", "tag:", "“", "：", " ", "退款", "refund", "0092", "."]
)


@given(st.text() | st.lists(PARTS).map("".join))
@example("-in:title x")
def test_any_text_is_a_query_of_bounded_size(text: str) -> None:
    assert_bounded(text)


def test_a_pasted_error_keeps_its_first_words() -> None:
    pasted = "Traceback: ConnectionRefusedError at payment-gateway line 42\n" * 50
    assert Word("connectionrefusederror") in leaves(pasted)


def test_full_width_quotation_marks_ask_for_a_phrase_unless_they_stand_within_a_sentence() -> None:
    assert parse("“退款审批”").wanted[0].leaf == Sequence((Run("退款审批"),), strict=True)
    assert parse("「退款审批」 慢").wanted[0].leaf == Sequence((Run("退款审批"),), strict=True)
    leaves = [clause.leaf for clause in parse("“奥卡姆剃刀”的内容").wanted]
    assert leaves == [Run("奥卡姆剃刀"), Run("的内容")]


@pytest.mark.parametrize("text", ["标题：退款", "標題:退款", "title:退款", "in:title 退款", "in:标题 退款"])
def test_words_are_bound_to_titles_in_either_language(text: str) -> None:
    assert parse(f"{text} 订单").clauses == (Clause(Run("退款"), title=True), Clause(Run("订单")))


@pytest.mark.parametrize("text", ["name:退款", "类型：退款", "importance:退款", "item:退款", "title: 退款"])
def test_what_is_no_filter_is_text(text: str) -> None:
    query = parse(text)
    assert query.fields == ()
    assert query.clauses[-1] == Clause(Run("退款"))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("updated:2026-11-01", "2026-11-01"),
        ("updated:>=2026-11-01", "2026-11-01"),
        ("更新：＞２０２６－１１－１", "2026-11-01"),
        ("更新时间：2026年11月1日", "2026-11-01"),
        ("updated:2026-13-01", None),
        ("updated:soon", None),
    ],
)
def test_a_day_is_read_and_never_searched_as_text(typed: str, day: str | None) -> None:
    (found,) = typed_fields(f"退款 {typed}")
    assert (found.term.value if found.term else None) == day
    assert (parse(f"退款 {typed}").clauses == (Clause(Run("退款")),)) == (day is not None)


def test_typed_filters_say_where_they_stand() -> None:
    text = "ﬁle 类型：案例 -kind:case handover:店铺交接"
    found = list(typed_fields(text))
    assert [text[one.start : one.end] for one in found] == ["类型：案例", "-kind:case", "handover:店铺交接"]
    assert [(one.name, one.raw, one.negated, one.term is None) for one in found] == [
        ("kind", "案例", False, False),
        ("kind", "case", True, False),
        ("handover", "店铺交接", False, True),
    ]


def test_what_is_unwanted_is_so_in_one_piece_and_however_much_is_wanted() -> None:
    unwanted = parse("手册 -退款API").unwanted
    assert [clause.leaf for clause in unwanted] == [Sequence((Run("退款"), Word("api")), strict=True)]
    long = parse(" ".join(f"w{number}" for number in range(80)) + " -beta")
    assert [clause.leaf for clause in long.unwanted] == [Word("beta")]
    assert parse("alpha " + " ".join(f"-w{number}" for number in range(80))).wanted

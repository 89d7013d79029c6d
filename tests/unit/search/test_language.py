from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.search.language import MAX_CLAUSES, MAX_UNITS, parse
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

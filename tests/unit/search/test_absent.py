"""What of a query stands nowhere: as typed, and not where other words for it stand."""

from __future__ import annotations

import pytest

from kb.search.absent import absent, without_guesses
from kb.search.glossary.book import Glossary
from kb.search.glossary.expanding import expand
from kb.search.language import parse
from kb.search.query import Other, Query, Word
from kb.search.spelling import widen
from tests.support.lexicon import MemoryLexicon

TEXTS = (
    "双 11: 退款 要先看 审批流程, refunds go through the ops desk",
    "地区编码 see the table; 提取 订单, 客服 replies",
    "reset your code in the portal, order RMA-4107, 营业执照 is in the drawer",
)
GLOSSARY = Glossary.of([["宕机", "portal"], ["报关", "customs"], ["双十一", "双 11"]])


def said(text: str) -> Query:
    query, _ = expand(parse(text), GLOSSARY)
    return widen(query, MemoryLexicon(TEXTS))[0]


@pytest.mark.parametrize(
    ("typed", "gone"),
    [
        ("海关编码", ["海关"]),
        ("公积金提取流程", ["公积金"]),
        ("营业执照年检", ["年检"]),
        ("小红书 退款", ["小红书"]),
        ("小紅書的退款怎么办", ["小紅書"]),
        ("How to reset the VPN password?", ["VPN", "password"]),
        ("Ｖｐｎ 退款", ["Ｖｐｎ"]),
        ("停车证", ["停车证"]),
        ("退款群", ["退款群"]),
        ("“海关编码” 退款", ["海关"]),
        ("RMA-9908 退款", ["RMA-9908"]),
        ("xylo* 退款", ["xylo"]),
        ("refnud", ["refnud"]),
    ],
)
def test_it_is_told_as_it_was_typed(typed: str, gone: list[str]):
    assert list(absent(said(typed), MemoryLexicon(TEXTS))) == gone


@pytest.mark.parametrize(
    "typed",
    [
        "退款审批流程", "refunding", "tuikuan", "tui kuan", "宕机怎么办", "宕机 退款", "宕机的编码", "双十一",
        "双十一退款", "res*", "RMA-4107",
        "-海关 退款", "退款 kind:case tag:海关", "the 退款", "退款 7", "退款怎么走", "什么", "the", "", "?!", "退 款",
    ],
)  # fmt: skip
def test_what_is_written_somewhere_however_it_was_said_is_not_missing(typed: str):
    assert absent(said(typed), MemoryLexicon(TEXTS)) == ()


def test_a_synonym_that_stands_nowhere_either_does_not_help():
    assert absent(said("报关 退款"), MemoryLexicon(TEXTS)) == ("报关",)


def test_what_stands_only_where_the_caller_may_not_read_is_missing():
    lexicon = MemoryLexicon(TEXTS, hidden=["海关编码 and the VPN"])
    assert absent(parse("海关编码 VPN"), lexicon) == ("海关", "VPN")


def test_something_long_was_pasted_and_says_nothing():
    assert absent(parse("VPN " * 100), MemoryLexicon(TEXTS)) == ()


def test_guesses_are_taken_out_and_what_is_as_good_stays():
    query, _ = expand(parse("宕机 refnuds"), GLOSSARY)
    assert without_guesses(query) is None
    wide = widen(query, MemoryLexicon(TEXTS))[0]
    assert any(other == Other(Word("refunds"), 0.5) for clause in wide.clauses for other in clause.others)
    assert without_guesses(wide) == query

"""What two searches have to do with each other."""

from __future__ import annotations

import pytest

from kb.search.gaps.models import MOST_KEY, MOST_TEXT
from kb.search.gaps.texts import Asked, is_same_search, may_be_a_word, read, says_otherwise, too_short


def asked(text: str) -> Asked:
    found = read(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("refund rules", "Rules  Refund"),
        ("refund rule", "how do I refund the rules"),
        ("退款 时限", "時限 退款"),
        ("ERP 审核", "审核 erp"),
        ("ＲＭＡ-4107", "rma-4107"),
        ("refund refund", "refund"),
        ("退款多久？", "退款多久"),
    ],
)
def test_what_asks_the_same_is_one_gap(one: str, other: str):
    assert asked(one).key == asked(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("退款", "款退"),
        ('"refund rule"', '"rule refund"'),
        ("refund -rule", "refund rule"),
        ("refu*", "refu"),
        ("退款审核", "退款 审核"),  # one run stands together, two words need not
        ("in:title refund", "refund"),
        ("kind:case refund", "kind:pitfall refund"),
        ("4107", "4108"),
    ],
)
def test_what_asks_something_else_is_another(one: str, other: str):
    assert asked(one).key != asked(other).key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u200b\u200b",
        "\x00",
        "\n\t",
        '"',
        "-",
        "?!",
        "🙂",
        "-退款",
        "-rule -of",
        '""',
        "-kind:case",
    ],
)
def test_what_says_nothing_is_no_search(text: str):
    assert read(text) is None


def test_texts_are_kept_within_bounds_and_fit_for_showing():
    found = asked("错误 " * 1000 + "\x00\u202eend")
    assert len(found.text) <= MOST_TEXT
    assert len(found.key) <= MOST_KEY
    assert asked("a\x00b\u202ec\r\nd").text == "a b c d"
    assert len(asked("\ufdfa" * 2000).key) <= MOST_KEY  # one character that folds to many


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("refund", True), ("税", True), ("618", True), ("RMA-4107", True), ("退款怎么办？", True), ("a 退款", True),
        ('"exact words"', False), ('"退款"', False), ("refu*", False), ("退款 kind:case", False),
        ("refund -rule", False), ("in:title refund", False), ("tag:money", False), ("x", False), ("a b", False),
        ("11", False), ("1 2", False), ("错误 " * 50, False),
    ],
)  # fmt: skip
def test_what_is_narrowed_down_is_not_plain(text: str, plain: bool):
    assert asked(text).plain is plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ref", "refund", True),
        ("refund", "ref", True),
        ("refund", "refund", True),
        ("refunf", "refund", True),
        ("refudn policy", "refund policy", True),
        ("退款", "退款审批", True),
        ("退款审批", "退款审核", True),
        ("退款", "退货", False),
        ("refund", "return", False),
        ("refund", "invoice", False),
        ("vip", "vat", False),
        ("rma-4107", "rma-4108", False),
        ("rma-41", "rma-4107", True),
        ("refund policy", "refund invoice", False),
    ],
)
def test_a_search_typed_on_or_mended_is_one(one: str, other: str, same: bool):
    assert is_same_search(one, other) is same
    assert is_same_search(other, one) is same


@pytest.mark.parametrize(
    ("missed", "found", "other_words"),
    [
        ("返现", "退款", True),
        ("reimbursement", "refund", True),
        ("退款", "refund", True),
        ("money back", "refund", True),
        ("refunf", "refund", False),
        ("refund rule 2024", "refund", False),
        ("refund", "refund rule", False),
        ("退款", "退款审批", False),
        ("海外退款", "退款", False),
        ("健抗", "健康", False),  # sounds alike
        ("tuikuan", "退款", False),
        ("tuikaun", "退款", False),  # a slip in it
        ("chargebak dispute", "chargeback disputes", False),
    ],
)
def test_other_words_are_neither_slips_nor_more_words(missed: str, found: str, other_words: bool):
    assert says_otherwise(asked(missed), asked(found)) is other_words


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("退款", True),
        ("refund policy shop", True),
        ("海外仓退", True),
        ("公积金提取流程", False),
        ("words of four kinds more", False),
    ],
)
def test_of_a_short_search_one_text_must_have_all(text: str, short: bool):
    assert asked(text).short is short


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("退费", True), ("money back", True), ("reimbursement", True), ("tuikuan", False), ("tui kuan", False),
        ("RMA-4107", False), ("4107", False), ("kind:case", False), ("a*", False), ('"money back"', False),
        ("a rather long way to say it", False), ("-退款 x", False),
    ],
)  # fmt: skip
def test_what_may_be_a_word_of_the_team(text: str, word: bool):
    assert may_be_a_word(asked(text)) is word


@pytest.mark.parametrize(
    ("text", "short"), [("r", True), ("re", True), ("ref", False), ("退", True), ("退款", False)]
)
def test_what_stands_there_for_a_moment_is_too_short(text: str, short: bool):
    assert too_short(text) is short

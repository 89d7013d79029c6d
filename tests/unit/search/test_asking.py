"""Questions in both languages: what is looked for is what they are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.asking import told
from kb.search.language import parse
from kb.search.query import Run, Sequence


def typed(text: str) -> list[str]:
    """The texts of the leaves a query is read as."""
    return [getattr(clause.leaf, "text", "?") for clause in parse(text).clauses]


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("How do I find the refund policy?", ["refund", "policy"]),
        ("what do I need to know about returns", ["returns"]),
        ("Can anyone tell me who approves refunds?", ["approves", "refunds"]),
        ("where can I read more about chargebacks", ["more", "chargebacks"]),
        ("I'm looking for the weekly report", ["weekly", "report"]),
        ("what's the returns address", ["returns", "address"]),
        ("how do i get help", ["get", "help"]),  # nothing but the frame of a question
        ("who am i", ["who", "am", "i"]),
        ("find access", ["find", "access"]),  # no question, no frame
        ("read access", ["read", "access"]),
    ],
)
def test_english_questions(question: str, about: list[str]) -> None:
    assert typed(question) == about


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("退款怎么审批", ["退款", "审批"]),
        ("退款找谁批", ["退款", "批"]),
        ("请问退款审核要怎么走？", ["退款审核", "走"]),
        ("如何查看 TiCDC 同步任务的状态？", ["查看", "ticdc", "同步任务", "状态"]),
        ("退款要多久", ["退款"]),
        ("什么是退款率", ["退款率"]),
        ("退款率是什么", ["退款率"]),
        ("有没有备案的电话", ["备案", "电话"]),
        ("谁负责备案？", ["备案"]),
        ("备案找谁", ["备案"]),
        ("域名什么时候到期", ["域名", "到期"]),
        ("我们的退款流程可以改吗", ["退款流程", "改"]),
        ("為什麼退款審核這麼慢", ["退款审核", "慢"]),
        ("ERP 怎么 登录", ["erp", "登录"]),
    ],
)
def test_chinese_questions(question: str, about: list[str]) -> None:
    assert typed(question) == about


@pytest.mark.parametrize("text", ["怎么办", "请问", "为什么", "的", "谁能批多少", "吗"])
def test_what_would_be_nothing_stays_as_it_is(text: str) -> None:
    assert typed(text) == [text]


@pytest.mark.parametrize(
    "text", ["申请问题", "许可以及备案", "对应该项", "目的地", "标的物", "会议纪要", "认为何时", "的士发票"]
)
def test_halves_of_two_words_are_no_question(text: str) -> None:
    assert typed(text) == [text]


def test_phrases_and_unwanted_words_are_taken_as_they_are() -> None:
    clauses = parse('备案 "怎么退款" -怎么退款').clauses
    assert clauses[1].leaf == Sequence((Run("怎么退款"),), strict=True)
    assert clauses[2].negated and clauses[2].leaf == Run("怎么退款")


@given(st.text(alphabet="请问怎么什如何的了要是谁吗退款审核我们有没", min_size=1, max_size=30))
def test_a_part_is_always_of_the_run(run: str) -> None:
    parts = told(run)
    assert parts and all(part and part in run for part in parts)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.language import parse
from kb.search.query import Clause, Other, Run, Sequence, Word
from kb.search.spelling import suggest, widen
from kb.search.spelling.widening import MOST_OTHERS
from tests.support.lexicon import MemoryLexicon

TEXTS = [
    "The refund of an order, and who approves refunds above the limit.",
    "Management of access: the manager approves, the administrator acts.",
    "Handover notes for the deployment of the cluster; log in with the login of the team.",
    "退款审批流程：先由客服主管审核，再由财务复核。数据库每天备份，分布式数据库另有说明。",
    "健康管理计划；查询数据；审批退款；权限申请",
    *["Deployment and management of the database."] * 3,
    *["审批退款之前看权限"] * 3,
]
HIDDEN = ["Project Nightingale: 并购谈判 with the Halcyon company, 鲲鹏计划"] * 5
LEXICON = MemoryLexicon(TEXTS, HIDDEN)


def also(text: str) -> tuple[str, ...]:
    return widen(parse(text), LEXICON)[1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("managment", "management"),
        ("Managment of depolyment", "Management of deployment"),
        ("MANAGMENT", "MANAGEMENT"),
        ('"acces managment" -foo kind:case', '"access management" -foo kind:case'),
        ("in:title  databse", "in:title  database"),
        ("handovernotes", "handover notes"),
        ("re fund", "refund"),
        ("user-managment", "user-management"),
        ("健抗", "健康"),
        ("数剧库", "数据库"),
        ("數劇庫", "數據庫"),
        ("查旬数据", "查询数据"),
        ("分布试数据库", "分布式数据库"),
        ("审批刘程 managment", "审批流程 management"),
        ("“managment”", "“management”"),
    ],
)
def test_what_is_mistyped_is_offered_as_it_should_be(typed: str, meant: str) -> None:
    assert suggest(parse(typed), LEXICON) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "", "management", "refunding", "deployments", "refunded", "审批流程", "退款审核", "退款 权限", "tuikuan",
        "tui kuan", "-managment", "tag:managment", "author:managment refund", "refn*", "TB2026-0713", "MGT", "退",
        "数据库怎么备份", "-in:title managment refund",
    ],
)  # fmt: skip
def test_nothing_correct_is_corrected(typed: str) -> None:
    assert suggest(parse(typed), LEXICON) is None


def test_no_word_of_the_texts_is_corrected() -> None:
    words = [word for segment in MemoryLexicon(TEXTS).words() for word in segment]
    assert [word for word in words if suggest(parse(word), LEXICON)] == []


def test_what_was_pasted_is_not_corrected() -> None:
    assert suggest(parse("managment " * 40), LEXICON) is None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("tuikuan", "退款"),
        ("shenpiliucheng", "审批流程"),
        ("tui kuan", "退款"),
        ("in:title tuikuan", "退款"),
        ("administ", "administrator"),
        ("ployment", "deployment"),
        ("managmenr", "management"),
        ("handovernotes", "handover notes"),
        ("log in", "login"),
        ("健抗", "健康"),
        ("查旬数据", "查询数据"),
        ("user-databse", "user database"),
    ],
)
def test_an_unknown_word_is_searched_for_in_other_ways(typed: str, shown: str) -> None:
    assert shown in also(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "refund",
        "refunding",
        "退款",
        "-tuikuan",
        '"tui kuan"',
        '"managmant of acess"',
        "refn*",
        "TB2026-0713",
    ],
)
def test_what_is_known_unwanted_or_exact_is_searched_for_as_it_is(typed: str) -> None:
    query = parse(typed)
    assert widen(query, LEXICON) == (query, ())


def test_a_piece_of_a_word_that_is_found_as_a_stem_only_is_widened() -> None:
    lexicon = MemoryLexicon(["evaluating the vendors", "a preevaluation", "an evaluator"])
    assert lexicon.count("evaluat") == 1
    assert widen(parse("evaluat"), lexicon)[1] == ("evaluator", "preevaluation")
    assert widen(parse("evaluating"), lexicon)[1] == ()


def test_a_word_hardly_found_may_be_a_part_of_others_which_rank_below() -> None:
    lexicon = MemoryLexicon(["micro", *["microservice"] * 4])
    query, shown = widen(parse("micro"), lexicon)
    assert shown == ("microservice",)
    assert query.clauses[0].others == (Other(Word("microservice"), 0.5),)
    assert widen(parse("microservice"), lexicon)[1] == ()


def test_chinese_is_read_out_of_a_word_that_is_found_too_if_more_frequent() -> None:
    lexicon = MemoryLexicon(["beijing", "北京一", "在北京", "change", "change it", "嫦娥"])
    assert widen(parse("beijing"), lexicon)[1] == ("北京",)
    assert widen(parse("change"), lexicon)[1] == ()


def test_readings_weigh_more_than_guesses_and_the_clause_stays_as_typed() -> None:
    query, _ = widen(parse("in:title tuikuan -managment databse"), LEXICON)
    first, unwanted, last = query.clauses
    assert first == Clause(Word("tuikuan"), title=True, others=(Other(Run("退款"), 0.9),))
    assert unwanted == Clause(Word("managment"), negated=True)
    assert last == Clause(Word("databse"), others=(Other(Word("database"), 0.5),))


def test_words_the_team_has_explained_are_left_alone() -> None:
    explained = Clause(Word("managment"), others=(Other(Run("管理"), 0.9),))
    query = parse("managment")
    query = type(query)(query.source, (explained,))
    assert suggest(query, LEXICON) is None
    assert widen(query, LEXICON) == (query, ())


@pytest.mark.parametrize(
    "typed",
    ["nightingle", "nightingal", "halcyo", "ightingale", "halcyonproject", "projectnightingale",
     "kunpeng", "kunpengjihua",
     "bing gou", "并够", "鲲朋", "鲲朋计划", "binggoutanpan", "halcyn company", "Nightin", "hal cyon"],
)  # fmt: skip
def test_a_word_of_what_one_may_not_read_never_comes_out(typed: str) -> None:
    everything = " ".join([suggest(parse(typed), LEXICON) or "", *also(typed)]).lower()
    assert not any(word in everything for word in ("nightingale", "halcyon", "并购", "谈判", "鲲鹏", "购谈"))
    assert MemoryLexicon(TEXTS + HIDDEN).count("并购") == 5, "with rights they would"


def test_with_rights_the_same_words_come_out() -> None:
    lexicon = MemoryLexicon(TEXTS + HIDDEN)
    assert suggest(parse("nightingle 并够"), lexicon) == "nightingale 并购"
    assert widen(parse("kunpengjihua"), lexicon)[1] == ("鲲鹏计划",)


def test_a_sequence_is_guessed_at_in_its_wrong_part_only() -> None:
    query, _ = widen(parse("cluster/databse"), LEXICON)
    assert query.clauses[0].others[0].leaf == Sequence((Word("cluster"), Word("database")), strict=False)


def test_the_work_is_bounded_however_many_words_are_unknown() -> None:
    lexicon = MemoryLexicon(TEXTS, HIDDEN)
    hostile = " ".join(f"qzx{chr(97 + at % 26) * 3}{chr(97 + at // 26)}vuwa" for at in range(300))[:4000]
    widened, shown = widen(parse(hostile), lexicon)
    assert suggest(parse(hostile), lexicon) is None
    assert lexicon.asked < 1000
    assert len(shown) <= MOST_OTHERS
    assert sum(len(clause.others) for clause in widened.clauses) <= MOST_OTHERS


TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from("退款审批流程健抗权限申请数据库managetuikuanlogin \"-:*'/.in:title"), st.characters()
    ),
    max_size=80,
)


@given(TYPED)
def test_anything_can_be_asked(text: str) -> None:
    query = parse(text)
    suggestion = suggest(query, LEXICON)
    widened, shown = widen(query, LEXICON)
    assert suggestion is None or suggestion != text
    assert len(shown) <= MOST_OTHERS
    assert [clause.leaf for clause in widened.clauses] == [clause.leaf for clause in query.clauses]
    assert sum(len(clause.others) for clause in widened.clauses) <= MOST_OTHERS
    assert all(0 < other.weight < 1 for clause in widened.clauses for other in clause.others)


# What a fresh pair of eyes found to be invented, over texts such as these.

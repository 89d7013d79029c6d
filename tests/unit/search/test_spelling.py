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
OFFICE = MemoryLexicon(
    [
        "退款审核\n退款要审核：ERP 只保留 24 个月，停举报，员工自己报管理员，报修期间，宽退货口径，推款式，责任到人。",
        "备案负责人\n备案负责人换了要报备；当季的优惠券，券面看清楚；账号交接，登录后台。",
        "Refund levels\nLets see the lessons: harmless, pointless, unless paid in euros. The sixth crop. Supplies.",
        "Passwords\nPass the word; a word to pass. Maintenance of the domain, the footer, links, Lindgren.",
        *["退款审核之后打款，优惠券和账号"] * 3,
        "ERP 报 RMA-4107：退货金额不平",
        "Part XK2203 of the feed; a gift card, the gift card",
    ]
)


@pytest.mark.parametrize(
    "typed",
    [
        "质保期", "停车证", "工资", "报关", "报管", "保修期", "十一", "宕机", "报关流程", "质保期多久",
        "refund euro less than paid", "sixty days lock", "cron jobs", "supplier rebate", "VPN password",
        "全资质保", "九成款式", "link",
        "trademark", "Web/Harbour main", "foo:bar", "lin xiaowen", "foots:bar links", "less", "main",
    ],
)  # fmt: skip
def test_words_that_stand_nowhere_are_not_made_into_others(typed: str) -> None:
    query = parse(typed)
    assert suggest(query, OFFICE) is None
    assert widen(query, OFFICE) == (query, ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("退款审合", "退款审核"),
        ("退宽", "退款"),
        ("备案负则人", "备案负责人"),
        ("优惠卷", "优惠券"),
        ("帐号", "账号"),
        ("帐号交接", "账号交接"),
        ("登陆后台", "登录后台"),
        ("帳號", "賬號"),
        ("退款審合", "退款審核"),
    ],
)
def test_one_wrong_character_is_repaired_to_what_stands_there(typed: str, meant: str) -> None:
    query = parse(typed)
    assert suggest(query, OFFICE) == meant
    (other,) = widen(query, OFFICE)[0].clauses[0].others
    assert other.weight == 0.7


def test_a_run_of_which_a_part_is_in_the_glossary_is_repaired_too() -> None:
    query = parse("退款神核")
    known = Clause(query.clauses[0].leaf, others=(Other(Run("退钱神核"), 0.9),))
    query = type(query)(query.source, (known,))
    assert suggest(query, OFFICE) == "退款审核"
    assert widen(query, OFFICE)[1] == ("退款审核",)


def test_characters_in_the_wrong_order_are_offered_only() -> None:
    assert suggest(parse("款退"), OFFICE) == "退款"
    assert widen(parse("款退"), OFFICE)[1] == ()


def test_a_suggestion_is_in_one_script_or_there_is_none() -> None:
    lexicon = MemoryLexicon(["公里表", "里程表", "头发", "发票"])
    assert suggest(parse("理程表"), lexicon) == "里程表"
    assert suggest(parse("頭發票理程表"), lexicon) is None, "里, 裏 or 裡?"


def test_pinyin_is_read_as_what_stands_there() -> None:
    assert also_in(OFFICE, "beian fuzeren") == ("备案负责人",)
    assert also_in(OFFICE, "tuikuan") == ("退款",)
    assert also_in(OFFICE, "kuantui") == ()


def also_in(lexicon: MemoryLexicon, text: str) -> tuple[str, ...]:
    return widen(parse(text), lexicon)[1]


def test_beside_words_that_are_found_only_near_ones_are_searched_for() -> None:
    assert also_in(OFFICE, "footr links") == ("footer",)
    assert also_in(OFFICE, "maint") == ("maintenance",)
    assert also_in(OFFICE, "maint links") == ()
    assert also_in(OFFICE, "tenance") == ("maintenance",)
    assert also_in(OFFICE, "nten") == ()


def test_a_compound_is_split_where_its_halves_stand_side_by_side() -> None:
    assert suggest(parse("giftcard"), OFFICE) == "gift card"
    assert suggest(parse("password"), MemoryLexicon(["a pass word"])) is None
    assert suggest(parse("passwordcard"), OFFICE) is None


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("rma4107", Sequence((Word("rma"), Word("4107")), strict=False)),
        ("XK-2203", Word("xk2203")),
        ("xk_2203", Word("xk2203")),
    ],
)
def test_codes_are_found_with_and_without_what_joins_them(typed: str, other: Sequence | Word) -> None:
    query, shown = widen(parse(typed), OFFICE)
    assert query.clauses[0].others == (Other(other, 0.9),)
    assert shown == ()


@pytest.mark.parametrize("typed", ["rma4108", "RMA-4107", "xk2203", "rma-41", "-rma4107", '"RMA 4107"'])
def test_codes_that_stand_nowhere_otherwise_are_left_as_they_are(typed: str) -> None:
    assert not any(clause.others for clause in widen(parse(typed), OFFICE)[0].clauses)

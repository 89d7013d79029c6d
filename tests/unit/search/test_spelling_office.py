"""Spelling over what an office writes: what is no word stays away, one wrong character is repaired, codes."""

import pytest

from kb.search.language import parse
from kb.search.query import Clause, Other, Run, Sequence, Word
from kb.search.spelling import suggest, widen
from tests.support.lexicon import MemoryLexicon

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

"""Which searches are kept, as how many, and where they count."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from kb.handovers.models import Handover
from tests.functional.search_gaps.conftest import Desk


def test_a_search_counts_where_it_was_limited_to_whoever_searches(desk: Desk):
    for name in ("viewer", "leaver", "manager"):
        desk.search(name, "海外仓退货", handover=desk.shop)
    assert desk.told() == {"海外仓退货": (3, 3)}
    assert desk.told(desk.site) == {}


def test_else_it_counts_where_the_searcher_is_successor_or_trainer(desk: Desk):
    desk.search("trainer", "overseas returns")
    desk.search("successor", "overseas returns")
    for name in ("viewer", "leaver", "manager", "other"):
        desk.search(name, "overseas returns")
    assert desk.told() == {"overseas returns": (2, 2)}
    assert desk.told(desk.site) == {"overseas returns": (1, 1)}


def test_nobody_puts_words_into_a_handover_they_are_not_in(desk: Desk):
    desk.search("second", "let me in", handover=desk.shop)
    desk.search("successor", "let me in", handover="000000000000")
    desk.search("successor", "let me out", handover="' OR 1=1 --")
    assert desk.told() == desk.told(desk.site) == {}
    assert [one.url for one in desk.recent("second")] == ["/search?q=let+me+in"]


def test_what_is_typed_on_is_one_search_with_its_last_text(desk: Desk):
    for text in ("overs", "oversea", "overseas", "overseas ret", "overseas returns"):
        desk.search("successor", text, after=2, typing=True)
    desk.search("successor", "overseas returns", after=3)
    assert desk.told() == {"overseas returns": (1, 1)}
    assert len(desk.rows()) == 1


def test_half_a_minute_later_it_is_another_one(desk: Desk):
    desk.search("successor", "overseas", after=0)
    desk.search("successor", "overseas returns", after=30)
    desk.search("successor", "overseas returns", after=31)
    assert desk.told() == {"overseas returns": (2, 1)}


def test_other_words_other_people_and_other_places_are_other_searches(desk: Desk):
    desk.search("successor", "overseas returns", after=0)
    desk.search("trainer", "overseas returns", after=1)
    desk.search("successor", "customs", after=1)
    desk.search("successor", "customs", after=1, handover=desk.shop)
    assert desk.told() == {"overseas returns": (2, 2), "customs": (2, 1)}


def test_a_slip_that_is_mended_leaves_no_gap(desk: Desk):
    desk.search("successor", "refnud policy", after=0)
    desk.search("successor", "refund policy", 4, after=5)
    assert desk.told() == {}
    assert [(one.text, one.total) for one in desk.recent("successor")] == [("refund policy", 4)]


def test_the_beginning_of_a_word_that_stands_there_for_a_moment_is_not_kept(desk: Desk):
    desk.search("successor", "zz", typing=True)
    desk.search("successor", "退", typing=True)
    assert desk.rows() == []
    desk.search("successor", "zz")
    assert desk.told() == {"zz": (1, 1)}


@pytest.mark.parametrize(
    "text",
    [
        "customs kind:case",
        "customs -duty",
        "in:title customs",
        "custo*",
        '"customs papers"',
        "x",
        "17",
        "错误 " * 50,
    ],
)
def test_what_was_narrowed_down_is_no_gap(desk: Desk, text: str):
    desk.search("successor", text)
    desk.search("successor", "customs papers", narrowed=True)
    assert desk.told() == {}
    assert [one.text for one in desk.recent("successor")] == ["customs papers", text.strip()]


@pytest.mark.parametrize("text", ['"', "-", "-退款", "🙂", "?!"])
def test_what_asks_for_nothing_is_not_kept(desk: Desk, text: str):
    desk.search("successor", text)
    assert desk.rows() == []


def test_what_was_found_in_part_or_by_guesses_is_a_gap(desk: Desk):
    desk.search("successor", "海关编码", 1, places={desk.shop: 1}, partial=True)
    desk.search("trainer", "海关编码", 2, handover=desk.shop, partial=True)
    assert desk.told() == {"海关编码": (2, 2)}
    (found,) = desk.recent("successor")
    assert (found.total, found.partial) == (1, True)


def test_and_closes_none(desk: Desk):
    desk.search("successor", "质保期")
    desk.search("viewer", "质保期", 1, handover=desk.shop, partial=True)
    desk.search("manager", "质保期", 1, places={desk.shop: 1}, whole=False)
    assert desk.told() == {"质保期": (2, 2)}
    desk.search("manager", "质保期", 1, places={desk.shop: 1})
    assert desk.told() == {}


def test_of_a_long_question_no_text_need_have_all(desk: Desk):
    desk.search("successor", "how to pay customs for parcels from abroad")
    desk.search("successor", "how to pay customs for parcels from abroad", 3, handover=desk.shop, whole=False)
    assert desk.told() == {}


def test_a_filter_put_on_is_another_search(desk: Desk):
    desk.search("successor", "customs", after=0)
    desk.search("successor", "customs", after=5, narrowed=True, filters="kind=case")
    assert desk.told() == {"customs": (1, 1)}
    assert [one.url for one in desk.recent("successor")] == [
        "/search?q=customs&kind=case",
        "/search?q=customs",
    ]
    assert [one.narrowed for one in desk.recent("successor")] == [(("kind", "case"),), ()]


def test_words_in_any_order_and_form_are_one_gap_called_as_last_typed(desk: Desk):
    desk.search("successor", "overseas return")
    desk.search("trainer", "Returns Overseas")
    assert desk.told() == {"Returns Overseas": (2, 2)}


def test_a_gap_closes_when_somebody_finds_something_there(desk: Desk):
    desk.search("successor", "海外仓")
    desk.search("trainer", "海外仓", 3, places={desk.site: 3})
    assert desk.told() == {"海外仓": (1, 1)}  # found elsewhere
    desk.search("manager", "海外仓", 3, places={desk.shop: 2})
    assert desk.told() == {}


def test_and_opens_anew_when_it_is_looked_for_in_vain_again(desk: Desk):
    desk.search("successor", "海外仓")
    desk.search("viewer", "海外仓", 1, handover=desk.shop)
    desk.search("trainer", "海外仓", handover=desk.shop)
    assert desk.told() == {"海外仓": (1, 1)}


def test_what_somebody_else_finds_elsewhere_changes_nothing_here(desk: Desk):
    desk.search("successor", "customs")
    desk.search("second", "customs", 5)
    assert desk.told() == {"customs": (1, 1)}


def test_most_often_first_then_the_latest(desk: Desk):
    desk.search("successor", "rare")
    for _time in range(3):
        desk.search("successor", "wanted")
    desk.search("successor", "latest")
    assert list(desk.told()) == ["wanted", "latest", "rare"]


def test_strange_text_is_kept_or_left_but_breaks_nothing(desk: Desk):
    for text in ("\x00", "\ud800", "a\x00b", "\u202eevil", "x" * 4000, "🙂", "' OR 1=1 --", "%_\\"):
        desk.search("successor", text)
    assert {gap.query for gap in desk.gaps()} == {"evil"}
    assert len({gap.id for gap in desk.gaps()}) == 1
    assert [one.text for one in desk.recent("successor")] == ["' OR 1=1 --", "x" * 300, "evil", "a b"]


def test_what_is_gone_meanwhile_is_left_out(desk: Desk):
    desk.log.note(desk.people["second"], "too late", desk.site, 0)
    desk.log.note(desk.people["trainer"], "still here", None, 0)
    with desk.database.transaction() as session:
        session.execute(delete(Handover).where(Handover.id == desk.site))
    assert desk.log.flush()
    assert desk.told() == {"still here": (1, 1)}

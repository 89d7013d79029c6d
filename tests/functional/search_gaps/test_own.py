"""One's own recent searches, and pairs of words for the glossary: who sees what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kb.errors import NotFound
from kb.search.gaps.pairs import dismiss_pair
from tests.functional.search_gaps.conftest import Desk


def test_recent_searches_are_ones_own_each_once_newest_first(desk: Desk):
    for text in ("customs", "退款", "Customs", "invoice"):
        desk.search("viewer", text, 2)
    desk.search("manager", "secret plans", 1)
    desk.search("viewer", "customs", 5, handover=desk.shop)
    found = desk.recent("viewer")
    assert [one.text for one in found] == ["customs", "invoice", "Customs", "退款"]
    assert found[0].url == f"/search?q=customs&handover={desk.shop}"
    assert found[2].url == "/search?q=Customs"
    assert found[0].total == 5
    assert [one.text for one in desk.recent("viewer", limit=1)] == ["customs"]
    assert desk.recent("other") == []


def pairs(desk: Desk, name: str) -> list[tuple[str, str, int]]:
    return [(pair.missed, pair.found, pair.count) for pair in desk.pairs(name)]


def say(desk: Desk, name: str, missed: str, found: str, **more: Any) -> None:
    """Somebody looks for something in vain and finds it in other words."""
    desk.search(name, missed, **more)
    desk.search(name, found, 3, after=90, places={desk.shop: 3})


def test_a_miss_and_what_was_found_in_other_words(desk: Desk):
    for name in ("successor", "trainer"):
        say(desk, name, "返现", "退款")
    for name in ("trainer", "successor"):
        say(desk, name, "money back", "refund", total=2, partial=True)
    expected = [("money back", "refund", 2), ("返现", "退款", 2)]
    assert pairs(desk, "manager") == pairs(desk, "leaver") == expected


def test_by_most_people_first_then_the_latest(desk: Desk):
    for name in ("successor", "trainer"):
        say(desk, name, "返现", "退款")
    for _again in range(4):
        say(desk, "successor", "money back", "refund")
        desk.time += timedelta(days=1)
    assert [(pair.missed, pair.count, pair.people) for pair in desk.pairs("manager")] == [
        ("返现", 2, 2), ("money back", 4, 1),
    ]  # fmt: skip


def test_what_one_person_did_on_one_day_is_told_to_them_alone(desk: Desk):
    for _again in range(3):
        say(desk, "successor", "返现", "退款")
    assert pairs(desk, "manager") == []
    assert pairs(desk, "successor") == [("返现", "退款", 3)]
    desk.time += timedelta(days=1)
    say(desk, "successor", "返现", "退款")
    assert pairs(desk, "manager") == [("返现", "退款", 4)]


@pytest.mark.parametrize(
    ("missed", "found"),
    [("RMA-4107", "退款"), ("zzyzx", "退款 -refund"), ("小红书", "tuikuan"), ("退费", "kind:case"), ("退费", "a*"),
     ("退费", "4107"), ("a rather long way to say it", "退款"), ("退费", '"退款"')],
)  # fmt: skip
def test_only_plain_words_are_pairs(desk: Desk, missed: str, found: str):
    for name in ("successor", "trainer"):
        say(desk, name, missed, found)
    assert pairs(desk, "successor") == pairs(desk, "manager") == []


@pytest.mark.parametrize("more", [{"partial": True}, {"whole": False}, {"filters": "kind=case"}])
def test_the_other_words_must_have_been_found(desk: Desk, more: dict[str, Any]):
    for name in ("successor", "trainer"):
        desk.search(name, "返现")
        desk.search(name, "退款", 3, places={desk.shop: 3}, **more)
    assert pairs(desk, "successor") == pairs(desk, "manager") == []


def dismiss(desk: Desk, name: str, missed: str, found: str) -> None:
    with desk.database.transaction() as session:
        dismiss_pair(session, desk.people[name], missed, found, desk.time)


def test_not_the_same_is_said_once_for_all_who_see_it(desk: Desk):
    for name in ("successor", "trainer"):
        say(desk, name, "返现", "退款")
    dismiss(desk, "manager", "返现", "退款")
    say(desk, "trainer", "返现", "退款")
    assert pairs(desk, "manager") == pairs(desk, "leaver") == []
    assert pairs(desk, "successor") == [("返现", "退款", 1)]  # their own, which nobody else decides about
    dismiss(desk, "successor", "返现", "退款")
    assert pairs(desk, "successor") == []


def test_nobody_dismisses_what_they_are_not_told(desk: Desk):
    for name in ("successor", "trainer"):
        say(desk, name, "返现", "退款")
    for name, missed in (
        ("other", "返现"),
        ("viewer", "返现"),
        ("manager", "退费"),
        ("manager", ""),
        ("manager", "-"),
    ):
        with pytest.raises(NotFound):
            dismiss(desk, name, missed, "退款")
    assert pairs(desk, "manager") == [("返现", "退款", 2)]


def test_only_those_who_may_see_the_gaps_and_the_person_themselves(desk: Desk):
    for _day in range(2):
        say(desk, "successor", "返现", "退款")
        desk.time += timedelta(days=1)
    assert pairs(desk, "successor") == pairs(desk, "manager") == [("返现", "退款", 2)]
    for name in ("trainer", "viewer", "other", "second"):
        assert pairs(desk, name) == []


def test_what_was_found_in_another_handover_is_not_told(desk: Desk):
    for _day in range(2):
        desk.search("trainer", "code word")
        desk.search("trainer", "bluebird", 3, places={desk.site: 3})
        desk.time += timedelta(days=1)
    assert pairs(desk, "manager") == []
    assert pairs(desk, "other") == pairs(desk, "trainer") == [("code word", "bluebird", 2)]


def test_soon_after_and_by_the_same_person(desk: Desk):
    desk.search("successor", "返现")
    desk.search("trainer", "退款", 3, places={desk.shop: 3})
    desk.search("successor", "退款", 3, after=61, places={desk.shop: 3})
    assert pairs(desk, "manager") == []


def test_slips_and_longer_versions_are_no_other_words(desk: Desk):
    for missed, found in (("refunf", "refund"), ("overseas returns", "returns"), ("健抗", "健康")):
        desk.search("successor", missed)
        desk.search("successor", found, 3, after=45, places={desk.shop: 3})
    assert pairs(desk, "manager") == []


def test_nobody_is_named(desk: Desk):
    for name in ("successor", "trainer"):
        say(desk, name, "返现", "退款")
    person = desk.people["successor"]
    told = repr(desk.pairs("manager") + desk.gaps())
    assert not any(word in told for word in (person.user_id, person.email, "successor"))

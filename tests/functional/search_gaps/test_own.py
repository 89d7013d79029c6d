"""One's own recent searches, and pairs of words for the glossary: who sees what."""

from __future__ import annotations

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


def test_a_miss_and_what_was_found_in_other_words(desk: Desk):
    for name in ("successor", "trainer"):
        desk.search(name, "返现")
        desk.search(name, "退款", 3, after=90, places={desk.shop: 3})
    desk.search("successor", "money back")
    desk.search("successor", "refund", 1, after=40, places={desk.shop: 1})
    expected = [("返现", "退款", 2), ("money back", "refund", 1)]
    assert pairs(desk, "manager") == pairs(desk, "leaver") == expected


def test_only_those_who_may_see_the_gaps_and_the_person_themselves(desk: Desk):
    desk.search("successor", "返现")
    desk.search("successor", "退款", 3, places={desk.shop: 3})
    assert pairs(desk, "successor") == pairs(desk, "manager") == [("返现", "退款", 1)]
    for name in ("trainer", "viewer", "other", "second"):
        assert pairs(desk, name) == []


def test_what_was_found_in_another_handover_is_not_told(desk: Desk):
    desk.search("trainer", "code word")
    desk.search("trainer", "bluebird", 3, places={desk.site: 3})
    assert pairs(desk, "manager") == []
    assert pairs(desk, "other") == pairs(desk, "trainer") == [("code word", "bluebird", 1)]


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
    desk.search("successor", "返现")
    desk.search("successor", "退款", 3, places={desk.shop: 3})
    person = desk.people["successor"]
    told = repr(desk.pairs("manager") + desk.gaps())
    assert not any(word in told for word in (person.user_id, person.email, "successor"))

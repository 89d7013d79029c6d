"""From the search page and the API to the gaps of a handover and one's own recent searches."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from kb.db import Database
from kb.handovers.models import Handover
from kb.people.queries import user_by_email
from tests.functional.web_search.conftest import Found
from tests.support.factories import bearer
from tests.support.visitor import indexed, words


def gaps(library: Found, name: str = "leaver") -> str:
    """What the page of gaps says under its heading."""
    said = words(library[name].get(f"/handovers/{library.ids['handover']}/gaps"))
    return said.partition("Settings")[2] if name == "manager" else said.partition(" Bin ")[2]


@pytest.fixture
def shelf(library: Found) -> Found:
    indexed(library.client)
    with library.database.transaction(read_only=True) as session:
        ours = select(Handover.id).where(Handover.title == "Shop & more")
        library.ids["handover"] = session.scalars(ours).one()
    return library


def test_a_search_in_vain_becomes_a_gap_at_once(shelf: Found):
    shelf["successor"].get("/search", q="海关 zzqx")
    shelf["trainer"].get("/search", q="zzqx 海关", handover=shelf.ids["handover"])
    assert "searched 2 times · by 2 people" in gaps(shelf)
    assert "海关" in gaps(shelf, "manager")


def test_what_was_found_in_part_is_one_too_and_closes_none(shelf: Found):
    shelf["successor"].get("/search", q="退款 zzqx")
    assert "退款 zzqx searched once" in gaps(shelf)
    shelf["trainer"].get("/search", q="退款 ZZQX", handover=shelf.ids["handover"])
    assert "退款 ZZQX searched 2 times · by 2 people" in gaps(shelf)
    assert "no full match" in words(shelf["successor"].get("/search"))


def test_the_query_language_makes_none(shelf: Found):
    for text in (
        "zzqx*",
        "-退款",
        '"',
        "kind:case zzqx",
        "zzqx -退款",
        '"zzqx 海关"',
        "z",
        "17",
        "zzqx " * 30,
    ):
        shelf["successor"].get("/search", q=text)
    assert "Nothing was looked for in vain" in gaps(shelf)


def test_a_search_is_made_again_with_its_filters(shelf: Found):
    shelf["viewer"].get("/search", q="退款", kind="case", tag="money")
    page = shelf["viewer"].get("/search")
    assert 'href="/search?q=%E9%80%80%E6%AC%BE&amp;kind=case&amp;tag=money"' in page.text


def test_the_api_too(shelf: Found, database: Database):
    with database.transaction() as session:
        user = user_by_email(session, "successor@example.com")
        assert user
        header = bearer(session, user)
    assert shelf.client.get("/api/v1/search", params={"q": "zzqx"}, headers=header).json()["total"] == 0
    assert "zzqx" in gaps(shelf)


def test_results_while_typing_are_one_search(shelf: Found):
    for typed in ("zzq", "zzqx", "zzqxy", "zzqxyw"):
        shelf["successor"].get("/search", fragment=True, q=typed)
    shelf["successor"].get("/search", q="zzqxyw")
    said = gaps(shelf)
    assert "zzqxyw searched once · by one person" in said
    assert said.count("searched once") == 1


def test_further_pages_and_filters_are_no_gaps(shelf: Found):
    shelf["successor"].get("/search", q="zzqx", offset=20)
    shelf["successor"].get("/search", q="退款", kind="pitfall")
    shelf["successor"].get("/search", q="退款 kind:pitfall")
    shelf["successor"].get("/search", kind="pitfall")
    assert "Nothing was looked for in vain" in gaps(shelf)


def test_what_is_found_is_none_and_closes_one(shelf: Found):
    shelf["successor"].get("/search", q="secretword")
    assert "secretword" in gaps(shelf)
    shelf["manager"].get("/search", q="secretword", handover=shelf.ids["handover"])
    assert "secretword" not in gaps(shelf)


def test_what_a_stranger_searches_stays_with_them(shelf: Found):
    shelf["stranger"].get("/search", q="zzqx", handover=shelf.ids["handover"])
    shelf["stranger"].get("/search", q="foreignword")
    assert "Nothing was looked for in vain" in gaps(shelf)


def test_recent_searches_are_on_the_start_page_of_search_for_oneself(shelf: Found):
    shelf["viewer"].get("/search", q="退款")
    shelf["viewer"].get("/search", q="<i>zzqx</i>")
    page = shelf["viewer"].get("/search")
    said = words(page)
    assert "Your recent searches" in said
    assert said.index("zzqx") < said.index("退款")
    assert "<i>" not in page.text
    assert "zzqx" not in shelf["successor"].get("/search").text
    assert "Your recent searches" not in words(shelf["successor"].get("/search"))
    shelf["viewer"].send("/search/forget")
    assert "zzqx" not in shelf["viewer"].get("/search").text

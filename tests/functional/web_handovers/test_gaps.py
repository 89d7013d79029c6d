"""The page of what people looked for in vain, and forgetting one's own searches."""

from __future__ import annotations

from urllib.parse import quote_plus

from sqlalchemy import func, select

from kb.access.identity import Identity
from kb.handovers.queries import identity_of
from kb.search.gaps.models import Search
from kb.search.gaps.queries import recent_searches
from tests.functional.web_handovers.conftest import Shop, person
from tests.support.visitor import words


def identity(shop: Shop, name: str) -> Identity:
    return shop.ask(lambda session: identity_of(session, person(session, name)))


def note(shop: Shop, name: str, text: str, total: int = 0, *, limited: bool = True) -> None:
    """A search as the handlers note it."""
    log = shop.client.app.state["services"].searches
    log.note(identity(shop, name), text, shop.handover if limited else None, total)
    log.flush()  # a reader waits for it only so long


def address(shop: Shop) -> str:
    return f"/handovers/{shop.handover}/gaps"


def test_it_tells_what_how_often_and_by_how_many(shop: Shop):
    for name in ("successor", "viewer", "trainer"):
        note(shop, name, "海外仓 <b>退货</b>")
    note(shop, "successor", "customs papers")
    page = shop["leaver"].get(address(shop))
    assert page.status_code == 200
    said = words(page)
    assert "searched 3 times · by 3 people · most recently just now" in said
    assert "searched once · by one person" in said
    assert "&lt;b&gt;退货&lt;/b&gt;" in page.text
    assert f"/search?q=customs+papers&amp;handover={shop.handover}" in page.text
    assert f"/handovers/{shop.handover}/notes/new?kind=case&amp;title=customs+papers" in page.text
    assert "/glossary?term=customs+papers&amp;synonyms=" in page.text
    assert "Successor Li" not in said
    written = shop["leaver"].get(f"/handovers/{shop.handover}/notes/new?kind=case&title=customs+papers")
    assert 'value="customs papers"' in written.text


def test_nothing_looked_for_in_vain(shop: Shop):
    assert "Nothing was looked for in vain" in words(shop["manager"].get(address(shop)))


def test_for_leaver_and_manager_only(shop: Shop):
    note(shop, "successor", "customs")
    shop["manager"].get(address(shop))
    names = (*shop.people, "nobody")
    seen = {name: shop[name].get(address(shop)).status_code for name in names}
    assert seen == {
        "leaver": 200, "manager": 200, "successor": 403, "trainer": 403, "viewer": 403,
        "stranger": 404, "admin": 404, "nobody": 303,
    }  # fmt: skip
    for name in names:
        told = "customs" in shop[name].get(address(shop)).text
        assert (name, told) == (name, name in ("leaver", "manager"))


def test_the_handover_says_how_many_to_those_who_may_see_them(shop: Shop):
    for text in ("customs", "invoice"):
        note(shop, "successor", text)
    shop["manager"].get(address(shop))
    for name in ("leaver", "manager"):
        assert "People looked for 2 things here" in words(shop[name].get(f"/handovers/{shop.handover}"))
    for name in ("successor", "trainer", "viewer"):
        page = shop[name].get(f"/handovers/{shop.handover}")
        assert "People looked for" not in words(page)
        assert address(shop) not in page.text


def test_long_lists_have_pages(shop: Shop):
    for number in range(60):
        note(shop, "successor", f"{chr(97 + number % 26) * 6} {number}")
    first = shop["manager"].get(address(shop))
    assert "60 searches" in words(first)
    assert first.text.count('class="gap"') == 50
    following = first.text.partition("/gaps?cursor=")[2].partition('"')[0]
    assert shop["manager"].get(f"{address(shop)}?cursor={following}").text.count('class="gap"') == 10


def test_set_aside_until_it_is_looked_for_again(shop: Shop):
    note(shop, "successor", "customs")
    gap = shop["manager"].get(address(shop)).text.partition('name="gap" value="')[2][:12]
    for name in ("viewer", "successor"):
        assert shop[name].send(address(shop), {"gap": gap}).status_code == 403
    assert shop["stranger"].send(address(shop), {"gap": gap}).status_code == 404
    assert shop["leaver"].send(address(shop), {"gap": "0" * 12}).status_code == 404
    assert "customs" in shop["leaver"].get(address(shop)).text
    assert shop["leaver"].send(address(shop), {"gap": gap}).headers["location"] == address(shop)
    assert "customs" not in shop["leaver"].get(address(shop)).text
    note(shop, "trainer", "customs")
    assert "customs" in shop["leaver"].get(address(shop)).text


def test_forgetting_ones_own_searches(shop: Shop):
    note(shop, "successor", "customs", limited=False)
    note(shop, "viewer", "invoice")
    answer = shop["successor"].send("/search/forget")
    assert (answer.status_code, answer.headers["location"]) == (303, "/search")
    assert shop.ask(lambda session: recent_searches(session, identity(shop, "successor"))) == []
    assert [one.text for one in shop.ask(lambda s: recent_searches(s, identity(shop, "viewer")))] == [
        "invoice"
    ]
    assert "searched once · by one person" in words(shop["manager"].get(address(shop)))
    assert shop.ask(lambda session: session.scalar(select(func.count(Search.id)))) == 2


def test_forgetting_one_of_them(shop: Shop):
    for text in ("customs", "invoice"):
        note(shop, "successor", text, 2, limited=False)
    page = shop["successor"].get("/search").text
    one = page.partition('aria-label="Forget this search: customs"')[0].rpartition('name="search" value="')[
        2
    ][:12]
    assert shop["viewer"].send("/search/forget", {"search": one}).status_code == 404
    assert shop["successor"].send("/search/forget", {"search": one}).headers["location"] == "/search"
    recent = shop.ask(lambda session: recent_searches(session, identity(shop, "successor")))
    assert [found.text for found in recent] == ["invoice"]


def test_a_form_from_elsewhere_forgets_nothing(shop: Shop):
    note(shop, "successor", "customs")
    assert shop.client.post("/search/forget").status_code in (401, 403)
    assert shop["nobody"].send("/search/forget").status_code == 401
    shop["manager"].get(address(shop))
    assert len(shop.ask(lambda session: recent_searches(session, identity(shop, "successor")))) == 1
    assert shop["successor"].get("/search/forget").headers["location"] == "/search"


def test_a_very_long_search_stays_within_its_links(shop: Shop):
    note(shop, "successor", "错误代码 " * 200)  # pasted: no gap
    note(shop, "successor", "错误代码 " * 23)
    page = shop["leaver"].get(address(shop))
    title = page.text.partition("&amp;title=")[2].partition('"')[0]
    assert title == quote_plus(("错误代码 " * 23).strip())
    assert page.text.count('class="gap"') == 1
    assert "/glossary?term=" not in page.text

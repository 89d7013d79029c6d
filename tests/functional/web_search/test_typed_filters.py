"""Filters that are typed are the filters of the facets; what is not understood, or written nowhere, is said."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest

from kb.annotations.services import create_annotation
from kb.checklists.services import add_item
from kb.people.queries import user_by_email
from tests.functional.web_search.conftest import Found
from tests.support.factories import who
from tests.support.visitor import indexed, words

CHIP = re.compile(r'<a class="chip" href="([^"]+)"><span>(.*?)</span>', re.DOTALL)
COUNT = re.compile(r'<span class="facet-name">([^<]+)</span><span class="count">(\d+)</span>')
TAGS = re.compile("<[^>]+>")


def chips(text: str) -> dict[str, dict[str, list[str]]]:
    """What each chip says, and the parameters of the search without it."""
    found = CHIP.findall(text)
    return {TAGS.sub("", said): parse_qs(urlsplit(unescape(href)).query) for href, said in found}


def total(text: str) -> int:
    found = re.search(r'data-total="(\d+)"', text)
    assert found
    return int(found[1])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kind:case", "Kind of note: Case"),
        ("类型：案例", "Kind of note: Case"),
        ("类别:案例", "Kind of note: Case"),
        ("tag:财务", "Tag: 财务"),
        ("標籤：財務", "Tag: 财务"),
        ("in:title kind:case", "Kind of note: Case"),
    ],
)
def test_a_typed_filter_is_a_chip_that_takes_it_out_of_the_words(library: Found, typed: str, said: str):
    page = library["viewer"].get("/search", q=f"{typed} 退款 or refund").text
    assert total(page) == 1
    left = "in:title 退款 or refund" if typed.startswith("in:") else "退款 or refund"
    assert chips(page) == {said: {"q": [left]}}


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("type:note", 2), ("类型:笔记", 2), ("type:item", 0), ("importance:normal", 2), ("重要性：关键", 0),
        ("handover:shop", 2), ("交接：Shop", 2), ("author:Leaver", 2), ("作者：leaver", 2), ("author:nobody", 0),
        ("updated:2200-01-01", 0), ("updated:>2020-01-01", 2), ("更新：2020年1月1日", 2), ("-kind:case", 1),
        ("kind:case kind:procedure", 2),
    ],
)  # fmt: skip
def test_whatever_a_facet_has_can_be_typed(library: Found, typed: str, hits: int):
    page = library["viewer"].get("/search", q=f"退款 or refund {typed}", fragment=True).text
    assert total(page) == hits
    assert len(chips(page)) == len(typed.split())


def test_ones_own_searches_are_kept_as_they_were_typed(library: Found):
    for typed in ("类型：案例 退款", "handover:shop 退款审核", "退款 author:leaver"):
        library["viewer"].get("/search", q=typed)
    page = library["viewer"].get("/search").text
    assert "类型：案例 退款" in page
    assert f"/search?q={quote_plus('退款审核')}&amp;handover={library.ids['ours']}" in page
    assert "退款 author:leaver" in page
    assert "leaver@example.com" not in page


def test_a_handover_of_others_cannot_be_named(library: Found):
    page = library["viewer"].get("/search", q="handover:foreign 退款", fragment=True).text
    assert chips(page) == {}
    assert "Foreign affairs" not in page


def test_the_other_values_of_a_typed_filter_keep_their_counts(library: Found):
    typed = library["viewer"].get("/search", q="kind:case 退款 or refund", fragment=True).text
    chosen = library["viewer"].get("/search", q="退款 or refund", kind="case", fragment=True).text
    assert COUNT.findall(typed) == COUNT.findall(chosen)
    assert ("Procedure", "1") in COUNT.findall(typed)
    other = next(href for href in re.findall(r'href="([^"]+)"', typed) if "kind=procedure" in href)
    assert parse_qs(urlsplit(unescape(other)).query) == {"q": ["退款 or refund"], "kind": ["procedure"]}


def test_without_any_filter_leaves_the_words(library: Found):
    page = library["viewer"].get("/search", q="kind:case 退款 -tag:x", type="note").text
    assert chips(page).keys() == {"Content: Note", "Kind of note: Case", "without Tag: x"}
    assert 'href="/search?q=%E9%80%80%E6%AC%BE"' in page


def test_typed_filters_alone_list_what_they_let_through(library: Found):
    assert total(library["viewer"].get("/search", q="类型：案例").text) == 1
    assert total(library["viewer"].get("/search", q="updated:2020-01-01").text) == 2


def test_what_is_written_nowhere_is_said_above_what_fits_in_part(library: Found):
    page = library["viewer"].get("/search", q="xylophone 退款")
    assert "“xylophone” is written nowhere you may read; what follows fits in part." in words(page)
    assert "Ask Leaver" in words(page)
    assert page.text.index("partly") < page.text.index('class="hits"')
    writer = library["leaver"].get("/search", q="xylophone 退款").text
    assert "/notes/new?kind=case&amp;title=xylophone+%E9%80%80%E6%AC%BE" in writer
    assert "partly" not in library["viewer"].get("/search", q="退款").text


def test_a_list_of_guesses_says_so(library: Found):
    page = library["viewer"].get("/search", q="reviewz")
    assert "Nothing has “reviewz” as you typed it." in words(page)
    assert "What follows was found by review" in words(page)
    assert "Also searched for" not in words(page)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kind:procedure reviewz", "kind:procedure reviews"),
        ("reviewz 类型：流程", "reviews 类型：流程"),
        ("tag:x -kind:case reviewz type:note", "tag:x -kind:case reviews type:note"),
    ],
)
def test_what_was_meant_keeps_the_filters(library: Found, typed: str, meant: str):
    page = library["viewer"].get("/search", q=typed).text
    assert re.findall(r"data-meant>([^<]+)<", page) == [meant]


@pytest.mark.parametrize("typed", ["-退款", '-"退款审核"', "-kind:case", "-退款 -refund"])
def test_what_only_leaves_out_is_told_to_say_more(library: Found, typed: str):
    page = library["viewer"].get("/search", q=typed, fragment=True)
    assert "only says what to leave out" in words(page)
    assert "Nothing found" not in words(page)


def test_somebody_without_a_handover_is_told_why_and_where_to_go(library: Found):
    page = library["admin"].get("/search", q="退款")
    assert "you belong to none yet" in words(page)
    assert 'href="/glossary"' in page.text
    assert "you belong to none yet" not in words(library["viewer"].get("/search", q="zzqxk"))


def _remarked(library: Found) -> tuple[str, str]:
    with library.database.transaction() as session:
        leaver = user_by_email(session, "leaver@example.com")
        assert leaver
        data: dict[str, Any] = {
            "kind": "comment",
            "body": "请看 zymurgy 表格\n<i>第二行</i>",
            "exact": "每天两次",
        }
        remark = create_annotation(session, who(session, leaver), library.ids["published"], data)
        item = add_item(
            session, who(session, leaver), library.ids["ours"],
            {"title": "Zymurgy book", "module": "M", "slots": [], "guidance": "Where zymurgy\nis <kept>."},
        )  # fmt: skip
        made = remark.id, item.id
    indexed(library.client)
    return made


def test_hits_on_items_and_remarks_take_the_words_along_and_mark_them(library: Found):
    remark, item = _remarked(library)
    viewer = library["viewer"]
    page = viewer.get("/search", q="zymurgy").text
    hrefs = {unescape(one) for one in re.findall(r'<a href="([^"]+)" data-hit>', page)}
    assert hrefs == {f"/notes/{library.ids['published']}?q=zymurgy#a-{remark}", f"/items/{item}?q=zymurgy"}
    shown = viewer.get(f"/items/{item}?q=zymurgy").text
    assert "Where <mark>zymurgy</mark>\nis &lt;kept&gt;." in shown
    assert "<mark>Zymurgy</mark> book" in shown
    note = viewer.get(f"/notes/{library.ids['published']}?q=zymurgy").text
    assert "请看 <mark>zymurgy</mark> 表格\n&lt;i&gt;第二行&lt;/i&gt;" in note
    assert "<mark>" not in viewer.get(f"/notes/{library.ids['published']}?q=").text

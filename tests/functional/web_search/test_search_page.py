"""The search page: what is found, where its links lead, what it says when there is nothing."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import quote_plus

from kb.annotations.services import create_annotation
from kb.people.models import User
from tests.functional.web_search.conftest import Found
from tests.support.factories import make_handover, who
from tests.support.visitor import indexed, words

LINK = re.compile(r'href="(/search[^"]*)"')
HIT = re.compile(r'<a href="([^"]+)" data-hit>')


def links(text: str) -> list[str]:
    return [unescape(found) for found in LINK.findall(text)]


def test_a_hit_leads_to_its_passage_and_says_how_far_to_trust_it(library: Found):
    page = library["viewer"].get("/search", q="退款申请")
    assert page.status_code == 200
    hits = HIT.findall(page.text)
    path, _, query = hits[0].partition("?")
    assert path == f"/notes/{library.ids['published']}"
    assert unescape(query).startswith(
        f"q={quote_plus('退款申请')}#s-"
    )  # the words go along, to be marked there
    assert "<mark>退款申请</mark>" in page.text
    assert "&lt;b&gt;" in page.text  # what was typed as HTML stays text
    said = words(page)
    assert "› 步骤" in said
    assert "Case" in said
    assert "Shop & more" in said
    assert "Leaver" in said


def test_scripts_get_the_results_alone(library: Found):
    whole = library["viewer"].get("/search", q="退款")
    piece = library["viewer"].get("/search", q="退款", fragment=True)
    assert piece.text.lstrip().startswith('<div id="results" data-total=')
    assert "<html" not in piece.text
    assert 'id="results"' in whole.text
    assert "HX-Request" in piece.headers["vary"]


def test_every_facet_is_a_link_that_keeps_the_rest_and_a_second_one_takes_it_off(library: Found):
    viewer = library["viewer"]
    narrowed = next(
        one for one in links(viewer.get("/search", q="refund or 退款").text) if "kind=case" in one
    )
    page = viewer.get(narrowed)
    assert "1 result" in words(page)
    assert 'aria-current="true"' in page.text
    assert '<input type="hidden" name="kind" value="case">' in page.text  # typing on keeps the filter
    assert any("kind=" not in one and "q=refund" in one for one in links(page.text))
    assert any("kind=procedure" in one for one in links(page.text))


def test_the_filters_of_the_api_work_as_addresses(library: Found):
    viewer = library["viewer"]
    for sent, total in (
        ({"tag": "财务"}, 1),
        ({"author": "leaver@example.com"}, 2),
        ({"handover": library.ids["ours"]}, 2),
        ({"handover": library.ids["theirs"]}, 0),
        ({"updated_after": "2200-01-01"}, 0),
        ({"q": "退款", "type": "item"}, 0),
    ):
        page = viewer.get("/search", fragment=True, **sent)
        assert f'data-total="{total}"' in page.text, sent


def test_pages_go_by_offset(library: Found):
    viewer = library["viewer"]
    first = viewer.get("/search", handover=library.ids["ours"], limit=1)
    onward = next(one for one in links(first.text) if "offset=1" in one)
    second = viewer.get(onward)
    assert HIT.findall(first.text) != HIT.findall(second.text)
    assert len(HIT.findall(second.text)) == 1
    assert "2–2 of 2" in words(second)
    beyond = viewer.get("/search", handover=library.ids["ours"], limit=1, offset=9)
    assert "The list ends before this page." in words(beyond)


def test_without_a_question_there_are_tips_and_what_is_new_but_no_drafts(library: Found):
    page = library["viewer"].get("/search", q="   ")
    said = words(page)
    assert page.status_code == 200
    assert "How to search" in said
    assert "退款审核" in said
    assert "draftword" not in said
    assert "foreignword" not in said


def test_nothing_found_has_somewhere_to_go(library: Found):
    page = library["trainer"].get("/search", q="zzqx & co", kind="case")
    said = words(page)
    assert "Nothing found for “zzqx & co”" in said
    assert any(one == "/search?q=zzqx+%26+co" for one in links(page.text))
    assert f"/handovers/{library.ids['ours']}/notes/new?kind=case" in page.text
    assert "mailto:leaver@example.com" in page.text


def test_who_may_not_write_is_not_sent_to_write(library: Found):
    page = library["viewer"].get("/search", q="zzqx")
    assert "/notes/new" not in page.text
    assert "Ask Leaver" in words(page)


def test_what_cannot_be_searched_gets_a_sentence_and_is_kept(library: Found):
    refused: list[tuple[dict[str, Any], str]] = [
        ({"q": "x" * 4001}, "This is too long"),
        ({"q": "x", "limit": "0"}, "whole number"),
        ({"q": "x", "offset": "10001"}, "whole number"),
        ({"q": "x", "updated_after": "yesterday"}, "This must be a date"),
        ({"q": "a\0b"}, "NUL"),
    ]
    for sent, sentence in refused:
        page = library["viewer"].get("/search", **sent)
        assert page.status_code == 422
        assert sentence in words(page)
        assert 'id="results"' in page.text
    wrong = library["viewer"].get("/search", q="退款", updated_after="yesterday", sort="newest")
    assert "/search?q=%E9%80%80%E6%AC%BE&sort=newest" in links(wrong.text)


def test_no_typing_is_an_error(library: Found):
    for text in ("**", "[a TO z]", "(((((", '"', "kind:nonsense", "-退款", "<script>alert(1)</script>"):
        page = library["viewer"].get("/search", q=text)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_while_there_is_no_index_the_page_says_so_and_finds_all_the_same(library: Found):
    live = library.client.app.state["services"].index
    library.client.app.state["indexer"].stop()
    live.close()
    (live.folder.root / "CURRENT").unlink()
    page = library["viewer"].get("/search", q="退款")
    said = words(page)
    assert "The search index is being rebuilt." in said
    assert "退款审核" in said
    assert "draftword" not in said
    assert "foreignword" not in said


def test_kinds_of_notes_and_of_remarks_are_two_lists(library: Found):
    published = library.ids["published"]
    with library.database.transaction() as session:
        author = session.query(User).filter_by(email="leaver@example.com").one()
        for kind in ("question", "comment"):
            data = {"kind": kind, "body": "退款?", "exact": "每天两次"}
            create_annotation(session, who(session, author), published, data)
    indexed(library.client)
    page = library["viewer"].get("/search", q="退款", lang="zh-Hans")
    parts = dict(re.findall(r'data-facet="(\w+)"><h3>([^<]+)</h3>', page.text))
    assert {"kind", "mark", "type"} <= parts.keys()
    assert len(set(parts.values())) == len(parts)
    narrowed = library["viewer"].get("/search", q="退款", kind="question", lang="en")
    assert "Kind of remark: Question" in words(narrowed)


def test_nothing_found_asks_where_something_is_written(library: Found):
    with library.database.transaction() as session:
        leaver = session.query(User).filter_by(email="leaver@example.com").one()
        make_handover(session, leaver=leaver, title="Just begun", days=1)
    said = words(library["leaver"].get("/search", q="zzqx"))
    assert "Shop & more" in said
    assert "Just begun" not in said


def test_while_another_index_is_built_beside_it_the_old_one_answers_in_silence(library: Found):
    folder = library.client.app.state["services"].index.folder
    library.client.app.state["indexer"].stop()
    folder.say_progress((1, 10))
    assert "rebuilt" not in words(library["viewer"].get("/search", q="退款"))
    (folder.root / "CURRENT").unlink()
    said = words(library["viewer"].get("/search", q="退款"))
    assert said.count("rebuilt") == 1
    assert "1 of 10" in said

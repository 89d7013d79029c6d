"""Nothing of a draft or of somebody else's handover shows: in hits, counts, facets, suggestions (R11)."""

from __future__ import annotations

from urllib.parse import unquote

from tests.functional.web_search.conftest import Found
from tests.support.visitor import Visitor, words

HIDDEN = ("draftword", "secretword", "secrettag", "foreignword", "foreigntag", "Foreign affairs")


def test_drafts_and_foreign_notes_are_in_no_hit_count_or_facet(library: Found):
    for reader in ("viewer", "trainer", "successor"):
        page = library[reader].get("/search", q="退款")
        said = words(page)
        assert 'data-total="1"' in page.text
        assert [word for word in HIDDEN if word in said] == []
        assert library.ids["draft"] not in page.text
        assert library.ids["foreign"] not in page.text
        assert "Critical" not in said  # only the draft is critical


def test_asking_for_the_hidden_itself_is_answered_like_nonsense(library: Found):
    hidden = ({"q": "secretword"}, {"tag": "secrettag"}, {"tag": "foreigntag"}, {"q": "foreignword"})
    for sent in (*hidden, {"q": "draftword"}):
        name, value = next(iter(sent.items()))
        page = library["successor"].get("/search", **sent, fragment=True)
        nonsense = library["successor"].get("/search", **{name: "z" * len(value)}, fragment=True)
        assert 'data-total="0"' in page.text
        assert page.text.replace(value, "z" * len(value)) == nonsense.text


def test_the_title_of_a_foreign_handover_is_not_told_by_its_filter(library: Found):
    page = library["successor"].get("/search", handover=library.ids["theirs"])
    assert "Foreign affairs" not in page.text


def test_each_finds_their_own(library: Found):
    found = {"leaver": 2, "manager": 2, "viewer": 1, "stranger": 1, "admin": 0}
    for reader, total in found.items():
        page = library[reader].get("/search", q="退款", fragment=True)
        assert f'data-total="{total}"' in page.text, reader


def test_typing_ahead_offers_only_what_may_be_read(library: Found):
    seen = {
        "viewer": {"退款审核"},
        "leaver": {"退款审核", "draftword"},
        "stranger": {"foreignword"},
        "admin": set(),
    }
    for reader, offered in seen.items():
        answer = library[reader].get("/suggest", q="退款", fragment=True)
        assert answer.status_code == 200
        assert {word for word in ("退款审核", "draftword", "foreignword") if word in answer.text} == offered
        assert answer.text.count('role="option"') == len(offered) + 1  # and all results


def test_typing_ahead_leads_to_the_thing_itself(library: Found):
    assert (
        f'data-href="/notes/{library.ids["english"]}' in library["viewer"].get("/suggest", q="refund re").text
    )
    assert library["viewer"].get("/suggest", q="  ").text.strip() == ""
    assert Visitor(library.client).get("/suggest", q="退款", fragment=True).status_code == 401


def test_typing_ahead_offers_the_passage_that_holds_the_words_and_all_results_last(library: Found):
    published = library.ids["published"]
    for typed, heading in (("核对订单", "步骤"), ("什么时候", "什么时候做")):
        answer = library["viewer"].get("/suggest", q=typed, fragment=True).text
        assert f'data-href="/notes/{published}#s-{heading}"' in answer
        assert unquote(answer[answer.rindex("data-href=") :]).startswith(f'data-href="/search?q={typed}"')
        assert f"Search all text for “{typed}”" in answer

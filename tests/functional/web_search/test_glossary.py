"""The glossary's pages: add, look through, change, take out, and what searches suggest."""

from __future__ import annotations

from datetime import timedelta

from httpx import Response
from sqlalchemy import select

from kb.clock import now
from kb.handovers.queries import identity_of
from kb.people.queries import user_by_email
from kb.search.gaps.noted import Noted
from kb.search.gaps.services import keep
from kb.search.glossary.models import GlossaryGroup, GlossaryWord
from tests.functional.web_search.conftest import Found
from tests.support.visitor import Visitor, words


def add(visitor: Visitor, term: str, *synonyms: str) -> Response:
    """Send the form, and look at the page it leads to."""
    answer = visitor.send("/glossary", {"term": term, "synonyms": ", ".join(synonyms)})
    assert answer.status_code == 303, words(answer)
    return visitor.get(answer.headers["location"])


def groups(library: Found) -> dict[str, str]:
    """Id of each group by its words."""
    with library.database.transaction(read_only=True) as session:
        rows = session.execute(
            select(GlossaryWord.group_id, GlossaryWord.word).order_by(GlossaryWord.position)
        ).all()
    found: dict[str, list[str]] = {}
    for group, word in rows:
        found.setdefault(group, []).append(word)
    return {" ".join(held): group for group, held in found.items()}


def foretold(visitor: Visitor, term: str, synonyms: str) -> str:
    return words(visitor.get("/glossary/foretell", fragment=True, term=term, synonyms=synonyms)).strip()


def test_everybody_with_an_account_reads_and_adds(library: Found):
    assert Visitor(library.client).get("/glossary").status_code == 303
    assert "No entries yet" in words(library["stranger"].get("/glossary"))
    shown = words(add(library["stranger"], "退款", "refund", "退货退款"))
    assert "Added. Search uses it from now on: 退款 refund 退货退款" in shown
    assert "1 entry" in shown
    assert "Added by stranger · just now" in words(library["viewer"].get("/glossary"))


def test_a_search_leads_there(library: Found):
    assert 'href="/glossary"' in library["viewer"].get("/search").text
    assert 'href="/glossary"' in library["viewer"].get("/help").text
    assert 'href="/glossary"' in library["admin"].get("/admin").text


def test_adding_says_what_it_did(library: Found):
    viewer = library["viewer"]
    add(viewer, "退款", "refund")
    add(viewer, "工单", "ticket")
    assert "Added to the entry there was." in words(add(viewer, "Refunds", "refund"))
    assert "These words stand together already:" in words(add(viewer, "refund", "refunds"))
    assert "are one now. Search uses it from now on: 退款 refund" in words(add(viewer, "退款", "ticket"))
    assert list(groups(library)) == ["退款 refund Refunds 工单 ticket"]


def test_what_adding_would_do_is_said_while_typing(library: Found):
    viewer = library["viewer"]
    add(viewer, "退款", "refund")
    add(viewer, "工单", "ticket")
    assert foretold(viewer, "", "") == "As you type, it says here what adding would do."
    assert foretold(viewer, "客服", "CS") == (
        "A new entry: whoever looks for “客服” also finds “CS”, and the other way round."
    )
    assert foretold(viewer, "退款", "chargeback") == "“chargeback” joins the entry “退款”, “refund”."
    assert foretold(viewer, "退款", "a1, b1") == "“a1”, “b1” join the entry “退款”, “refund”."
    assert foretold(viewer, "退款", "Refund") == "These words stand together already: nothing changes."
    assert foretold(viewer, "退款", "ticket") == (
        "This makes one entry of “退款”, “refund” and “工单”, “ticket”."
    )
    assert foretold(viewer, "退款", "?") == "“?” has no letters or digits to search for."
    assert len(groups(library)) == 2
    assert Visitor(library.client).get("/glossary/foretell").status_code == 303


def test_a_refused_entry_keeps_what_was_typed(library: Found):
    answer = library["viewer"].send("/glossary", {"term": "退款", "synonyms": "?!"})
    assert answer.status_code == 422
    assert "Means the same: “?!” has no letters or digits to search for." in words(answer)
    assert 'value="退款"' in answer.text
    assert 'value="?!"' in answer.text
    assert groups(library) == {}


def test_only_who_added_it_and_administrators_change_it(library: Found):
    shown = add(library["viewer"], "退款", "refund")
    ((_words, group),) = groups(library).items()
    assert f"/glossary/{group}/edit" in shown.text
    for path in (f"/glossary/{group}/edit", f"/glossary/{group}/remove"):
        assert library["manager"].get(path).status_code == 403
        assert library["manager"].send(path, {"term": "a", "synonyms": "b"}).status_code == 403
        assert library["admin"].get(path).status_code == 200
    assert f"/glossary/{group}/edit" not in library["manager"].get("/glossary").text
    assert library["viewer"].get("/glossary/000000000000/edit").status_code == 404


def test_changing_keeps_what_somebody_else_changed_meanwhile(library: Found):
    add(library["viewer"], "退款", "refund")
    group = groups(library)["退款 refund"]
    path = f"/glossary/{group}/edit"
    page = library["viewer"].get(path).text
    read = page.split('name="changed_at" value="')[1].split('"')[0]
    sent = {"term": "退款", "synonyms": "refund\r\n退货退款", "changed_at": read}
    assert library["viewer"].send(path, sent).status_code == 303
    late = library["admin"].send(path, {**sent, "synonyms": "chargeback"})
    assert late.status_code == 409
    assert "They are now: 退款 refund 退货退款" in words(late)
    assert "chargeback" in late.text
    again = late.text.split('name="changed_at" value="')[1].split('"')[0]
    assert library["admin"].send(path, {**sent, "synonyms": "x1", "changed_at": again}).status_code == 303
    assert list(groups(library)) == ["退款 x1"]
    assert library["admin"].send(path, {"term": "退款", "synonyms": ""}).status_code == 422


def test_taking_out_is_asked_about_first(library: Found):
    add(library["viewer"], "退款", "refund")
    group = groups(library)["退款 refund"]
    assert "No note is changed." in words(library["viewer"].get(f"/glossary/{group}/remove"))
    assert len(groups(library)) == 1
    assert library["viewer"].send(f"/glossary/{group}/remove").status_code == 303
    assert groups(library) == {}


def _word(library: Found, text: str) -> str:
    with library.database.transaction(read_only=True) as session:
        return session.scalars(select(GlossaryWord.id).where(GlossaryWord.word == text)).one()


def test_a_word_in_somebody_elses_group_is_taken_out_by_who_put_it_there(library: Found):
    viewer, trainer = library["viewer"], library["trainer"]
    add(viewer, "退款", "refund")
    add(trainer, "退款", "chargeback")
    own, other = (f"/glossary/words/{_word(library, text)}/remove" for text in ("chargeback", "refund"))
    page = trainer.get("/glossary").text
    assert own in page
    assert other not in page
    assert "The other words of the entry stay together." in words(trainer.get(own))
    assert trainer.send(other).status_code == 403
    assert library["manager"].send(own).status_code == 403
    assert trainer.send(own).status_code == 303
    assert list(groups(library)) == ["退款 refund"]
    assert "the entry goes with it" in words(viewer.get(other))
    assert viewer.send(other).status_code == 303
    assert groups(library) == {}
    assert viewer.get(other).status_code == 404


def test_looking_through_a_long_list(library: Found):
    with library.database.transaction() as session:
        for n in range(60):
            moment = now() - timedelta(minutes=n)
            group = GlossaryGroup(created_at=moment, changed_at=moment)
            session.add(group)
            session.flush()
            session.add_all(
                GlossaryWord(group_id=group.id, position=at, word=word, key=word, created_at=moment)
                for at, word in enumerate((f"甲{n}", f"first{n}"))
            )
    page = library["viewer"].get("/glossary")
    assert "60 entries" in words(page)
    following = page.text.split('rel="next" href="')[1].split('"')[0]
    assert "first59" in library["viewer"].get(following).text
    found = words(library["viewer"].get("/glossary", find="FIRST5"))
    assert "11 entries" in found
    assert "first6" not in found
    assert "No entry holds that" in words(library["viewer"].get("/glossary", find="<b>"))


def _search(library: Found, who: str, place: str, missed: str, found: str) -> None:
    """On two days somebody looks for one thing in vain, and right after it for another that is there."""
    with library.database.transaction() as session:
        user = user_by_email(session, f"{who}@example.com")
        assert user
        identity = identity_of(session, user)
        for days in (2, 1):
            moment = now() - timedelta(days=days)
            keep(session, Noted(identity, missed, library.ids[place], 0, moment))
            keep(session, Noted(identity, found, library.ids[place], 2, moment + timedelta(seconds=40)))


def test_searches_suggest_entries_to_those_who_may_see_them(library: Found):
    _search(library, "successor", "ours", "退费", "退款")
    _search(library, "stranger", "theirs", "secretword", "退款")
    for who, sees, hidden in (
        ("manager", "退费", "secretword"),
        ("successor", "退费", "secretword"),
        ("stranger", "secretword", "退费"),
    ):
        page = words(library[who].get("/glossary"))
        assert f"{sees} = means the same as 退款 by one person" in page, who
        assert hidden not in page, who
    for who in ("viewer", "admin"):
        assert "Suggested by searches" not in words(library[who].get("/glossary"))


def test_a_suggestion_is_added_with_one_click_and_not_made_again(library: Found):
    _search(library, "successor", "ours", "退费", "退款")
    page = library["manager"].get("/glossary").text
    assert '<input type="hidden" name="term" value="退款">' in page
    assert '<input type="hidden" name="synonyms" value="退费">' in page
    shown = words(add(library["manager"], "退款", "退费"))
    assert "Added. Search uses it from now on: 退款 退费" in shown
    assert "Suggested by searches" not in shown


def test_a_suggestion_that_is_wrong_is_dismissed_for_good(library: Found):
    _search(library, "successor", "ours", "退费", "退款")
    pair = {"missed": "退费", "found": "退款"}
    assert library["viewer"].send("/glossary/dismiss", pair).status_code == 404
    assert library.client.post("/glossary/dismiss", data=pair).status_code in (401, 403)
    assert "Suggested by searches" in words(library["manager"].get("/glossary"))
    assert library["manager"].send("/glossary/dismiss", pair).headers["location"] == "/glossary"
    assert "Suggested by searches" not in words(library["manager"].get("/glossary"))
    _search(library, "trainer", "ours", "退费", "退款")
    assert "Suggested by searches" not in words(library["manager"].get("/glossary"))


def test_a_search_finds_what_is_written_in_the_other_words_at_once(library: Found):
    assert "Refund reviews" not in words(library["viewer"].get("/search", q="退款审核"))
    add(library["manager"], "退款", "refund")
    add(library["manager"], "审核", "review")
    assert "Refund reviews" in words(library["viewer"].get("/search", q="退款审核"))
    assert "退款审核" in words(library["viewer"].get("/search", q="refunds"))
    assert "退款审核" not in words(library["viewer"].get("/search", q="refunds", expand="0"))

"""The page of a note: what it shows, to whom, and in how few statements."""

from __future__ import annotations

import threading

from sqlalchemy import event

from tests.functional.web_notes.conftest import Desk, fields_of
from tests.support.visitor import words


def test_a_note_says_what_it_is_who_wrote_it_and_what_it_covers(desk: Desk):
    page = desk["viewer"].get(desk.note)
    assert page.status_code == 200
    said = words(page)
    for part in (
        "退款审核",
        "当班的人照着做",
        "Procedure",
        "Leaver",
        "revision 1",
        "Covers",
        "Notes that point here",
    ):
        assert part in said
    assert f'href="/notes/{desk.ids["other"]}"' in page.text  # [[Night shift]], and what points here
    assert 'class="wikilink wikilink-missing"' in page.text
    assert f'href="/items/{desk.ids["item"]}"' in page.text
    assert 'href="/search?tag=%E9%80%80%E6%AC%BE"' in page.text
    assert '<a href="#s-' in page.text  # the outline
    assert "/edit" not in page.text  # a viewer does not write


def test_chinese_readers_get_chinese_words_around_it(desk: Desk):
    page = desk["viewer"].get(desk.note, lang="zh-Hans")
    assert '<html lang="zh-Hans"' in page.text
    assert "第 1 版" in words(page)


def test_what_is_for_emergencies_carries_a_band(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    told = [({"importance": "critical"}, False), ({"tags": "紧急"}, True), ({"tags": "Emergency"}, True)]
    for more, shown in [*told, ({"importance": "high"}, False)]:
        made = leaver.send(desk.new, {"title": "断网了", "kind": "procedure", "body": "x", **more})
        assert ("For emergencies" in words(leaver.get(made.headers["location"]))) is shown


def test_a_draft_is_for_its_author_and_the_managers(desk: Desk):
    desk["leaver"].get(f"{desk.new}/new")
    made = desk["leaver"].send(
        desk.new, {"title": "Secret", "kind": "case", "body": "see [[退款审核]]", "status": "draft"}
    )
    draft = made.headers["location"]
    for who, status in (
        ("leaver", 200),
        ("manager", 200),
        ("successor", 404),
        ("viewer", 404),
        ("stranger", 404),
    ):
        assert desk[who].get(draft).status_code == status
    assert "Secret" in words(desk["manager"].get(desk.note))
    assert "Secret" not in words(desk["viewer"].get(desk.note))  # nor is it told by what points here


def test_foreign_and_absent_look_alike(desk: Desk):
    foreign, absent = desk["stranger"].get(desk.note), desk["stranger"].get("/notes/aaaaaaaaaaaa")
    assert foreign.status_code == absent.status_code == 404
    assert words(foreign).replace(desk.ids["note"], "") == words(absent).replace("aaaaaaaaaaaa", "")


def test_markup_in_titles_and_texts_stays_text(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    hostile = "<script>alert(1)</script>\"'>"
    made = leaver.send(
        desk.new, {"title": hostile, "kind": "case", "body": hostile, "purpose": hostile, "tags": hostile}
    )
    text = leaver.get(made.headers["location"]).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_page_takes_few_statements(desk: Desk, app_client):
    viewer, seen = desk["viewer"], []
    viewer.get(desk.note)
    engine = app_client.app.state["services"].database.engine

    def heard(_connection, _cursor, statement, *_more):
        asked = threading.current_thread().name.startswith("kb-request")  # not by the indexer meanwhile
        if asked and statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", heard)
    viewer.get(f"/notes/{desk.ids['other']}")
    event.remove(engine, "before_cursor_execute", heard)
    # who asks (2), whether they may (1); the note, its items, links out, links in, its remarks
    assert len(seen) <= 8, "\n\n".join(seen)


def test_a_link_to_a_note_that_was_renamed_still_leads_there(desk: Desk):
    leaver, other = desk["leaver"], f"/notes/{desk.ids['other']}"
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), title="怎样审核退款"))
    assert f'class="wikilink" href="{desk.note}"' in desk["viewer"].get(other).text
    assert f'href="{other}"' in desk["viewer"].get(desk.note).text.partition("Notes that point here")[2]
    # Whoever takes the title over gets the link.
    new = {"title": "退款审核", "body": "-", "kind": "case", "status": "published"}
    taken = leaver.send(desk.new, fields_of(desk.stored(), **new)).headers["location"].partition("?")[0]
    assert f'class="wikilink" href="{taken}"' in desk["viewer"].get(other).text
    assert "Notes that point here" not in desk["viewer"].get(desk.note).text

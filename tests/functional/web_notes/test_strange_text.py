"""Strange and enormous input: one sentence in the reader's language, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from tests.functional.web_notes.conftest import Desk, fields_of
from tests.functional.web_notes.test_writing import field
from tests.support.visitor import words

LONG = "题" * 10_000
REFUSED = [
    ("title", LONG, "at most 200 characters"),
    ("title", "a\u202etxt.exe", "text-direction marks"),
    ("title", "a\u0007b", "Control characters"),
    ("title", "", "must be filled in"),
    ("title", "a\0b", "NUL"),
    ("body", "a\0b", "NUL"),
    ("body", "字" * 1_000_001, "at most 1000000 characters"),
    ("purpose", LONG, "at most 500 characters"),
    ("tags", LONG, "at most 50 characters"),
    ("kind", "poem", "one of"),
    ("importance", "huge", "one of"),
    ("language", "tlh", "one of"),
    ("owner", "stranger@example.com", "someone in this handover"),
    ("owner", "nobody", "not an e-mail address"),
    ("items", "aaaaaaaaaaaa", "not in this handover"),
    ("status", "hidden", "one of"),
]


STRANGE = [
    "\u200b\u200dx\ufeff",
    "e\u0301 é",
    "\u202eabc\u202c",
    "مرحبا بالعالم",
    "👩‍👩‍👧 𠀀",
    "<<<<<<<\n=======\n",
    "\t\n \n",
]


def test_what_is_refused_comes_back_as_it_was_typed(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    usual: dict[str, Any] = {
        "title": "夜班",
        "kind": "case",
        "body": "三行\n字 😀\n",
        "purpose": "试",
        "tags": "甲，乙",
    }
    for name, value, sentence in REFUSED:
        sent = {**usual, name: value}
        answer = leaver.send(desk.new, sent)
        assert answer.status_code == 422, name
        assert sentence in words(answer), name
        for key in ("title", "body", "purpose", "tags"):
            assert field(answer.text, key) == sent[key], (name, key)


def test_the_sentence_is_in_the_readers_language(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new", lang="zh-Hans")
    leaver.language = "zh-Hans"
    answer = leaver.send(f"{desk.new}?lang=zh-Hans", {"title": LONG, "kind": "case", "body": "字"})
    assert "最多" in words(answer)


def test_an_edit_that_is_refused_keeps_its_base(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    answer = leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), title=LONG, body="neu"))
    assert answer.status_code == 422
    assert (field(answer.text, "body"), field(answer.text, "base_revision")) == ("neu", "1")


def test_broken_utf8_gets_a_sentence(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    for body in (b"title=%ff%fe&kind=case&body=x", "title=名".encode(), b"title=%ed%a0%80"):
        answer = leaver.send_raw(desk.new, body)
        assert answer.status_code == 400
        assert "not valid UTF-8" in words(answer)
        assert "It is still in your browser" in words(answer)


def test_a_form_in_parts_of_no_known_encoding_gets_the_sentence_too(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    start = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{leaver.token}\r\n'
    for kind, text in (("text/plain", b"\xff\xfe"), ("text/plain; charset=bogus", b"x")):
        part = f'--x\r\nContent-Disposition: form-data; name="title"\r\nContent-Type: {kind}\r\n\r\n'.encode()
        answer = leaver.send_parts(desk.new, start.encode() + part + text + b"\r\n--x--\r\n")
        assert answer.status_code == 400
        assert "not valid UTF-8" in words(answer)


def test_strange_text_is_kept_exactly(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    for body in STRANGE:
        assert leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=body)).status_code == 303
        assert desk.stored().body == body
        assert field(leaver.get(f"{desk.note}/edit").text, "body") == body
        assert leaver.get(desk.note).status_code == 200


def test_an_enormous_note_is_saved_and_shown(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    for number, body in enumerate(("字" * 999_999, "*a " * 300_000, "[" * 50_000), start=2):
        assert leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=body)).status_code == 303
        assert leaver.get(desk.note).status_code == 200
        assert leaver.get(f"{desk.note}/history/{number}").status_code == 200


def test_a_note_too_deep_for_markdown_says_so(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body="> " * 20_000 + "deep"))
    assert "shown as it was typed" in words(leaver.get(desk.note))


def test_one_field_sent_many_times_is_no_failure(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(f"{desk.new}/new")
    answer = leaver.send(desk.new, {"title": ["A", "B"], "kind": ["case", "case"], "body": ["x", "y"]})
    assert answer.status_code == 303
    assert desk.stored(answer.headers["location"].removeprefix("/notes/")).title == "B"

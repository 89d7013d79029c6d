"""Somebody was faster: both texts are shown, and nothing typed is lost."""

from __future__ import annotations

from tests.functional.web_notes.conftest import Desk, fields_of
from tests.functional.web_notes.test_writing import field
from tests.support.visitor import words

TEXT = "one\n\ntwo\n\nthree\n"


def _both(desk: Desk, theirs: str, mine: str) -> tuple[int, str]:
    """What the slower of two savers gets."""
    leaver, successor = desk["leaver"], desk["successor"]
    leaver.get(f"{desk.note}/edit")
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=TEXT))
    base = desk.stored()
    successor.get(f"{desk.note}/edit")
    assert leaver.send(f"{desk.note}/edit", fields_of(base, body=theirs)).status_code == 303
    answer = successor.send(f"{desk.note}/edit", fields_of(base, body=mine, title="My title"))
    return answer.status_code, answer.text


def test_edits_apart_are_put_together(desk: Desk):
    status, text = _both(desk, TEXT.replace("one", "ONE"), TEXT.replace("three", "THREE"))
    assert status == 409
    assert field(text, "body") == "ONE\n\ntwo\n\nTHREE\n"
    assert field(text, "title") == "My title"
    assert field(text, "base_revision") == "3"
    assert "one\n\ntwo\n\nTHREE" in text  # as it was typed
    assert desk.stored().body == TEXT.replace("one", "ONE")  # nothing was overwritten

    sent = fields_of(desk.stored(), body=field(text, "body"), title="My title")
    assert desk["successor"].send(f"{desk.note}/edit", sent).status_code == 303
    assert (desk.stored().body, desk.stored().revision) == ("ONE\n\ntwo\n\nTHREE\n", 4)


def test_edits_of_the_same_words_stand_side_by_side(desk: Desk):
    status, text = _both(desk, TEXT.replace("two", "theirs"), TEXT.replace("two", "mine <b>"))
    assert status == 409
    body = field(text, "body")
    assert "<<<<<<<\ntheirs\n=======\nmine <b>\n>>>>>>>" in body
    assert "one\n\nmine &lt;b&gt;\n\nthree" in text
    assert "one\n\ntheirs\n\nthree" in text
    assert "1 passage was changed in both" in text


def test_a_revision_that_never_was_keeps_the_text_too(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    answer = successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="typed", base_revision=7))
    assert answer.status_code == 409
    assert field(answer.text, "body") == "typed"
    assert field(answer.text, "base_revision") == "1"
    assert "could not be compared" in words(answer)


def test_a_revision_that_is_no_number_is_refused_and_the_text_kept(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    answer = successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="typed", base_revision="x"))
    assert answer.status_code == 422
    assert field(answer.text, "body") == "typed"
    assert desk.stored().revision == 1

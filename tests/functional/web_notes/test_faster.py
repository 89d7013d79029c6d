"""Somebody was faster: both texts are shown, and nothing typed is lost."""

from __future__ import annotations

import pytest

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
    assert field(text, "body") == TEXT.replace("two", "mine <b>")  # as it was typed, until it is chosen
    assert field(text, "base_revision") == "2"
    assert "mine &lt;b&gt;" in text
    assert "1 passage was changed in both" in text
    assert {value for value in ("theirs", "yours", "both") if f'name="choice-1" value="{value}"' in text} == {
        "theirs",
        "yours",
        "both",
    }


@pytest.mark.parametrize(
    ("chosen", "body"),
    [
        ({"choice-1": "theirs"}, "theirs"),
        ({"choice-1": "yours"}, "mine"),
        ({"choice-1": "both"}, "theirs\n\nmine"),
        ({"intent": "all_theirs"}, "theirs"),
        ({"intent": "all_yours", "choice-1": "theirs"}, "mine"),
    ],
)
def test_what_was_chosen_is_put_together_and_saved(desk: Desk, chosen: dict[str, str], body: str):
    _status, text = _both(desk, TEXT.replace("two", "theirs"), TEXT.replace("two\n", "mine\n"))
    sent = fields_of(desk.stored(), body=field(text, "body"), title="My title", base_revision=2)
    answer = desk["successor"].send(
        f"{desk.note}/edit", {**sent, "against": field(text, "against"), **chosen}
    )
    assert answer.status_code == 200
    made = field(answer.text, "body")
    assert made.split() == TEXT.replace("two", body).split()
    assert desk.stored().revision == 3  # nothing is saved before it was read once more
    sent = fields_of(
        desk.stored(), body=made, title="My title", base_revision=field(answer.text, "base_revision")
    )
    assert desk["successor"].send(f"{desk.note}/edit", sent).status_code == 303
    assert desk.stored().body == made


def test_a_passage_without_a_choice_is_asked_for_again(desk: Desk):
    _status, text = _both(desk, TEXT.replace("two", "theirs"), TEXT.replace("two", "mine"))
    sent = fields_of(desk.stored(), body=field(text, "body"), base_revision=2)
    answer = desk["successor"].send(f"{desk.note}/edit", {**sent, "against": "3", "intent": "resolve"})
    assert answer.status_code == 422
    assert "Choose one side for every passage" in words(answer)
    assert field(answer.text, "body") == TEXT.replace("two", "mine")


def test_a_field_only_the_other_changed_is_taken_and_one_both_changed_is_told(desk: Desk):
    leaver, successor = desk["leaver"], desk["successor"]
    base = desk.stored()
    leaver.get(f"{desk.note}/edit")
    successor.get(f"{desk.note}/edit")
    theirs = fields_of(base, title="Their title", purpose="Their purpose")
    assert leaver.send(f"{desk.note}/edit", theirs).status_code == 303
    answer = successor.send(f"{desk.note}/edit", fields_of(base, body="mine\n", title="My title"))
    assert answer.status_code == 409
    assert (field(answer.text, "title"), field(answer.text, "purpose")) == ("My title", "Their purpose")
    assert "Both changed: title. Yours stays; the other was: Their title" in words(answer)


def test_a_revision_that_never_was_keeps_the_text_too(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    answer = successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="typed", base_revision=7))
    assert answer.status_code == 409
    assert field(answer.text, "body") == "typed"
    assert "There is no revision 7 of this note" in words(answer)


def test_a_revision_that_is_no_number_is_refused_and_the_text_kept(desk: Desk):
    successor = desk["successor"]
    successor.get(f"{desk.note}/edit")
    answer = successor.send(f"{desk.note}/edit", fields_of(desk.stored(), body="typed", base_revision="x"))
    assert answer.status_code == 422
    assert field(answer.text, "body") == "typed"
    assert desk.stored().revision == 1

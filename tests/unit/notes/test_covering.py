"""Which slots a text fills: headings say where something belongs, only text under them fills it."""

from __future__ import annotations

import pytest

from kb.checklists.models import Slot
from kb.markdown import render
from kb.notes.kinds import starting_body
from kb.notes.models import Kind
from kb.notes.rendering import covered_slots


def filled(kind: Kind, body: str) -> dict[Slot, str | None]:
    return {one.slot: one.heading for one in covered_slots(kind, render(body))}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("kind", Kind)
def test_what_a_note_opens_with_fills_nothing(kind: Kind, language: str):
    body = starting_body(kind, language, list(Slot))
    assert filled(kind, body) == filled(kind, body + "### 1\n\n#### 2\n") == {}


def test_text_under_a_heading_of_its_own_fills_the_slot_above_it():
    body = "# Orders\n\n## Steps\n\n### First\n\nOpen it.\n\n## Cautions\n\n### Never\n\n## Contacts\n\nLin\n"
    assert filled(Kind.PROCEDURE, body) == {Slot.STEPS: "Steps", Slot.CONTACTS: "Contacts"}
    assert filled(Kind.PROCEDURE, "## Cautions\n\n## Steps\n\nGo.\n") == {Slot.STEPS: "Steps"}


def test_the_second_of_two_headings_counts_where_the_first_has_no_text():
    assert filled(Kind.PROCEDURE, "## Steps\n\n## How to\n\nGo.\n") == {Slot.STEPS: "How to"}


def test_a_pitfall_is_a_caution_once_it_says_something():
    assert filled(Kind.PITFALL, "## Sign\n\nIt blinks.\n") == {Slot.CAUTIONS: None}
    assert filled(Kind.PITFALL, "It blinks.\n") == {Slot.CAUTIONS: None}
    assert filled(Kind.PITFALL, "## Do instead\n\nWait.\n") == {Slot.CAUTIONS: "Do instead"}

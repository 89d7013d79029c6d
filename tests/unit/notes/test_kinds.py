from __future__ import annotations

import pytest

from kb.checklists.models import Slot
from kb.notes.kinds import HEADINGS, SLOT_HEADINGS, slot_of_heading, starting_body
from kb.notes.models import Kind


@pytest.mark.parametrize(
    ("heading", "slot"),
    [
        ("Steps", Slot.STEPS),
        ("STEPS:", Slot.STEPS),
        ("1. Steps", Slot.STEPS),
        ("步骤", Slot.STEPS),
        ("二、操作步骤", Slot.STEPS),
        ("注意事项：", Slot.CAUTIONS),
        ("ＣＯＮＴＡＣＴＳ", Slot.CONTACTS),
        ("数据在哪里", Slot.DATA),
        ("Stepson", None),
        ("", None),
    ],
)
def test_headings_fill_slots_however_they_are_written(heading: str, slot: Slot | None) -> None:
    assert slot_of_heading(heading) is slot


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_kind_and_slot_has_headings_in_both_languages(language: str) -> None:
    for kind in Kind:
        assert HEADINGS[kind][language]
    for slot in Slot:
        assert all(slot_of_heading(title) is slot for title in SLOT_HEADINGS[slot][language])


def test_a_new_note_opens_with_its_kinds_headings_and_the_slot_asked_for() -> None:
    body = starting_body(Kind.PROCEDURE, "zh-Hans", [Slot.CONTACTS, Slot.STEPS])
    lines = [line for line in body.splitlines() if line]
    assert lines == [
        "## 什么时候做",
        "## 步骤",
        "## 要点",
        "## 注意事项",
        "## 例外",
        "## 联系人",
    ]

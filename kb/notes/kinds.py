"""The three kinds of note: the headings each opens with, and which slot a heading fills."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from kb.checklists.models import Slot
from kb.notes.models import Kind

# Content is never translated: these are written into notes, in the note's language.
HEADINGS: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.PROCEDURE: {
        "en": ("When", "Steps", "Key points", "Cautions", "Exceptions"),
        "zh-Hans": ("什么时候做", "步骤", "要点", "注意事项", "例外"),
    },
    Kind.PITFALL: {
        "en": ("Sign", "Why", "Do instead"),
        "zh-Hans": ("现象", "原因", "应该怎么做"),
    },
    Kind.CASE: {
        "en": ("Symptom", "Cause", "Fix", "How to tell it worked"),
        "zh-Hans": ("现象", "原因", "处理办法", "怎么确认有效"),
    },
}

SLOT_HEADINGS: dict[Slot, dict[str, tuple[str, ...]]] = {
    Slot.STEPS: {"en": ("Steps", "Procedure", "How to"), "zh-Hans": ("步骤", "操作步骤", "流程", "做法")},
    Slot.KEY_POINTS: {"en": ("Key points", "What matters"), "zh-Hans": ("要点", "关键点", "操作要点")},
    Slot.CAUTIONS: {
        "en": ("Cautions", "Caution", "Warnings", "Do instead"),
        "zh-Hans": ("注意事项", "注意", "应该怎么做"),
    },
    Slot.EXCEPTIONS: {"en": ("Exceptions", "Special cases"), "zh-Hans": ("例外", "特殊情况", "例外情况")},
    Slot.CONTACTS: {
        "en": ("Contacts", "Who to call", "Who to ask"),
        "zh-Hans": ("联系人", "找谁", "联系方式", "对接人"),
    },
    Slot.ACCESS: {
        "en": ("Access", "Permissions", "Accounts", "Access and permissions"),
        "zh-Hans": ("权限", "账号", "账号与权限", "账号和权限", "权限与账号"),
    },
    Slot.DATA: {
        "en": ("Data", "Where the data lies", "Where the data is", "Files"),
        "zh-Hans": ("数据", "数据在哪里", "资料在哪里", "数据位置", "资料位置"),
    },
}

# A pitfall is a caution and a case an exception by what they are, whatever their headings say.
WHOLE_NOTE = {Kind.PITFALL: Slot.CAUTIONS, Kind.CASE: Slot.EXCEPTIONS}


def heading_key(text: str) -> str:
    """A heading as it is compared: width, case, numbering and closing punctuation do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return folded.lstrip("0123456789.、)( 一二三四五六七八九十").strip(" :：.。")


_SLOT_BY_HEADING = {
    heading_key(title): slot
    for slot, by_language in SLOT_HEADINGS.items()
    for titles in by_language.values()
    for title in titles
}


def slot_of_heading(text: str) -> Slot | None:
    """The slot a heading fills, if it is one of the known ones."""
    return _SLOT_BY_HEADING.get(heading_key(text))


def starting_body(kind: Kind, language: str, slots: Iterable[Slot] = ()) -> str:
    """The Markdown a new note opens with: its kind's headings, then one for each slot asked for and not among them."""
    titles = list(HEADINGS[kind][language])
    covered = {slot_of_heading(title) for title in titles} | {WHOLE_NOTE.get(kind)}
    titles += [SLOT_HEADINGS[slot][language][0] for slot in slots if slot not in covered]
    return "".join(f"## {title}\n\n\n" for title in titles)

"""Histories of saves: a slot is stale exactly when its passage reads otherwise than when somebody last looked."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.checklists.models import Slot
from kb.checklists.services import add_item
from kb.errors import Conflict
from kb.notes.coverage import coverage_of_item
from kb.notes.models import Note
from kb.notes.services import create_note, delete_note, restore_note, save_note
from kb.notes.slots import mark_slot
from tests.support.factories import make_handover, make_user, who

SLOTS = (Slot.STEPS, Slot.CONTACTS, Slot.DATA)
CHANGES = ("keep", "edit", "rename", "filler", "remove", "back")
SAVES = st.tuples(
    st.just("save"), st.tuples(*[st.sampled_from(CHANGES)] * 3), st.booleans(), st.permutations(range(3))
)
OTHERS = st.tuples(
    st.sampled_from(["accept", "bin", "restore", "draft", "publish"]), st.integers(min_value=0, max_value=2)
)


@dataclass
class Section:
    """A section as it is written, and what is known of it: the text somebody looked at last."""

    heading: str
    text: str
    looked: str
    written: str = ""  # before it was a filler or taken out
    there: bool = True
    stale: bool = False
    accepted: bool = True

    @property
    def says(self) -> bool:
        return self.there and self.text != "tbd"

    def saved(self, said: bool, minor: bool) -> None:
        """What a save does to it; `said`: it said something before."""
        if not self.says:
            return
        if self.text == self.looked:
            self.stale = False
        elif said and minor and not self.stale:
            self.looked = self.text
        else:
            self.stale = True


@dataclass
class World:
    """A note of three sections, each pointed at by a slot of one item, beside the real thing."""

    session: Session
    identity: Identity
    handover: str
    words: random.Random = field(default_factory=lambda: random.Random(5))
    binned: bool = False
    draft: bool = False

    def __post_init__(self) -> None:
        self.sections = [Section(f"Part {n}", text := self.text(), text) for n in range(3)]
        data = {"kind": "procedure", "title": self.text(), "body": self.body(range(3))}
        self.note: Note = create_note(self.session, self.identity, self.handover, data)
        fields = {"module": "M", "title": "T", "slots": list(map(str, SLOTS))}
        self.item = add_item(self.session, self.identity, self.handover, fields).id
        for slot, section in zip(SLOTS, self.sections, strict=True):
            said = {"note": self.note.id, "heading": section.heading, "accepted": True}
            mark_slot(self.session, self.identity, self.item, slot, said)

    def text(self) -> str:
        """Words no other passage has."""
        return " ".join("".join(self.words.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _word in range(8))

    def body(self, order: object) -> str:
        parts = [self.sections[n] for n in order]  # type: ignore[attr-defined]
        return (
            "".join(f"## {one.heading}\n\n{one.text}\n\n" for one in parts if one.there) + "## End\n\nEnd.\n"
        )

    def change(self, section: Section, how: str) -> None:
        if how == "edit" and section.says:
            section.text = self.text()
        elif how == "rename" and section.says:
            section.heading = self.text()
        elif how == "filler" and section.says:
            section.written, section.text = section.text, "tbd"
        elif how == "remove" and section.says:
            section.written, section.there = section.text, False
        elif how == "back" and not section.says:
            section.there, section.text = True, section.written

    def save(self, changes: tuple[str, ...], minor: bool, order: object) -> None:
        said = [section.says for section in self.sections]
        for section, how in zip(self.sections, changes, strict=True):
            self.change(section, how)
        self.put({"body": self.body(order), "minor": minor})
        for section, before in zip(self.sections, said, strict=True):
            section.saved(before, minor)

    def put(self, data: dict[str, object]) -> None:
        self.note, _changed = save_note(self.session, self.identity, self.note.id, data, self.note.revision)

    def accept(self, number: int) -> None:
        section = self.sections[number]
        try:
            mark_slot(self.session, self.identity, self.item, SLOTS[number], {"accepted": True})
        except Conflict:
            assert self.expected(section) == "missing" or not section.there
        else:
            section.looked, section.stale = section.text, False

    def expected(self, section: Section) -> str:
        if self.binned or self.draft:
            return "missing"
        if not section.there:
            return "stale"
        if not section.says:
            return "missing"
        return "stale" if section.stale else "accepted"

    def do(self, verb: str, number: int) -> None:
        if verb == "accept":
            self.accept(number)
        elif verb in ("draft", "publish") and not self.binned:
            self.draft = verb == "draft"
            self.put({"status": "draft" if self.draft else "published"})
        elif verb == "bin" and not self.binned:
            delete_note(self.session, self.identity, self.note.id)
            self.binned = True
        elif verb == "restore" and self.binned:
            restore_note(self.session, self.identity, self.note.id)
            self.binned = False


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(history=st.lists(st.one_of(SAVES, SAVES, OTHERS), min_size=1, max_size=10))
def test_a_slot_is_stale_when_its_passage_reads_otherwise(
    session: Session, history: list[tuple[object, ...]]
):
    manager = make_user(session)
    handover = make_handover(session, manager=manager)
    world = World(session, who(session, manager), handover.id)
    for step in history:
        verb, *about = step
        if verb == "save" and not world.binned:
            world.save(*about)  # type: ignore[arg-type]
        elif verb != "save":
            world.do(str(verb), int(about[0]))  # type: ignore[call-overload]
        session.flush()
        session.expire_all()
        found = {slot.slot: str(slot.state) for slot in coverage_of_item(session, world.item).slots}
        assert found == dict(zip(SLOTS, map(world.expected, world.sections), strict=True)), step
    session.rollback()

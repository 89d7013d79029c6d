"""What must be there before a handover may be signed off: evidence, not ticks."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kb.checklists.models import Importance
from kb.i18n import _
from kb.notes.coverage import ItemCoverage, coverage_of
from kb.progress.words import level_words, sentences, slot_words
from kb.rehearsals.models import Level
from kb.rehearsals.queries import PracticeStanding, never_tried, practice_of


@dataclass(frozen=True)
class Requirement:
    """An item with something required still open, and what, in the reader's language."""

    item_id: str
    title: str
    reason: str


def open_requirements(session: Session, handover_id: str) -> list[Requirement]:
    """Items that are not covered, or whose required practice is lacking, in the checklist's order; low ones never."""
    practice = practice_of(session, [handover_id])
    found = []
    for one in coverage_of(session, handover_id).items:
        tried = practice.get(one.item.id) or never_tried(one.item)
        if one.item.importance != Importance.LOW and (reasons := lacking(one, tried)):
            found.append(Requirement(one.item.id, one.item.title, sentences(reasons)))
    return found


def lacking(one: ItemCoverage, practice: PracticeStanding) -> list[str]:
    """What is not there yet, one sentence each: nothing written or slots missing, practice."""
    said = []
    if not one.covered:
        said.append(gap_words(one))
    if practice.required_level and not practice.fulfilled:
        said.append(practice_words(practice, practice.required_level))
    return said


def gap_words(one: ItemCoverage) -> str:
    """What is not written, as a sentence."""
    if not one.notes and not one.filled:
        return _("Nothing is written yet.")
    if one.missing:
        return _("Missing: %(what)s.") % {"what": slot_words(one.missing)}
    return _("No note is linked to it.")


def practice_words(practice: PracticeStanding, level: Level) -> str:
    """How much practice is asked for and how much was passed, as a sentence."""
    return _("Practice is lacking: %(level)s × %(asked)s is asked for, %(done)s passed.") % {
        "level": level_words(level), "done": practice.passed_at_required, "asked": practice.required_runs,
    }  # fmt: skip

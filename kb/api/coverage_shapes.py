"""What the API answers about how far a handover is."""

from typing import TypedDict

from kb.checklists.models import Importance, ItemState, Slot
from kb.notes.coverage import SlotState
from kb.progress.risk import RiskLevel
from kb.rehearsals.models import Level


class RiskAnswer(TypedDict):
    """How much would be lost if the leaver went today, and why, in the caller's language."""

    level: RiskLevel
    reasons: list[str]


class SlotAnswer(TypedDict):
    """A slot of an item: the note and heading that fill it, or the reason why nothing needs to.

    `heading` is null where the whole note fills it.
    """

    slot: Slot
    state: SlotState
    note: str | None
    heading: str | None
    reason: str | None


class PracticeAnswer(TypedDict):
    """Practice of an item: the level and runs asked for, the best level passed, the runs there were."""

    required: Level | None
    required_runs: int
    best: Level | None
    runs: int


class RoundAnswer(TypedDict):
    """When an item comes round next and how often until the last day; null where nobody can say or it has no rhythm."""

    next_on: str | None
    times_left: int | None
    guessed: bool
    asks_rehearsal: bool


class ItemCoverageAnswer(TypedDict):
    """An item and how far it is."""

    item: str
    title: str
    module: str
    importance: Importance
    state: ItemState
    slots: list[SlotAnswer]
    notes: int
    practice: PracticeAnswer
    questions_open: int
    known_by_leaver_alone: bool
    comes_round: RoundAnswer
    risk: RiskAnswer


class HandoverCoverageAnswer(TypedDict):
    """Percent of slots captured; items with all of theirs, and the others; items in the checklist's order."""

    percent: int
    covered: int
    missing: int
    days_left: int
    risk: RiskAnswer
    items: list[ItemCoverageAnswer]

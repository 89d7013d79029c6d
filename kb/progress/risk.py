"""How much would be lost if the leaver went today.

An item's score = importance × emptiness × days × alone:
- importance: critical 8, high 4, normal 2, low 1;
- emptiness, 0 to 1: the share of what is asked for that is not there. Asked for is each slot (without slots: a note),
  the required practice, and a rehearsal where the work will not come round again before the last day. A stale slot
  counts half. An item known by the leaver alone and not accepted is at least a quarter empty: who could say otherwise?
- days: from 0.5 with 30 days left or more, evenly up to 2 on the last day and after it;
- alone: 1.5 where nobody but the leaver has shown that they know it, else 1.
Levels: critical from 12, high from 6, medium from 2, low below. A handover's level is that of its worst item.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.checklists.models import Importance
from kb.i18n import _, ngettext
from kb.progress.evidence import Evidence
from kb.progress.requirements import lacking
from kb.progress.rhythm import Round
from kb.progress.words import slot_words

WEIGHTS = {Importance.CRITICAL: 8.0, Importance.HIGH: 4.0, Importance.NORMAL: 2.0, Importance.LOW: 1.0}
LONG = 30  # days left from which on more make no difference
LEAST_ALONE = 0.25
ALONE = 1.5


class RiskLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_FROM = ((12.0, RiskLevel.CRITICAL), (6.0, RiskLevel.HIGH), (2.0, RiskLevel.MEDIUM))


@dataclass(frozen=True)
class Risk:
    """A level, the score it was made from, and why, in sentences of the reader's language."""

    level: RiskLevel
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """One item on the board.

    `alone`: only the leaver knows it. `overdue`: days since it was due, while it is not covered; 0: not.
    `asks_rehearsal`: it will not come round again while the leaver is there, and nobody has rehearsed or recorded it.
    """

    evidence: Evidence
    round: Round
    alone: bool
    overdue: int
    asks_rehearsal: bool


def emptiness(one: Standing) -> float:
    """The share of what is asked for that is not there, 0 to 1."""
    coverage, practice = one.evidence.coverage, one.evidence.practice
    asked = float(len(coverage.slots) or 1)
    gaps = asked - coverage.filled + len(coverage.stale) / 2
    if practice.required_level:
        asked += 1
        gaps += not practice.fulfilled
    if one.asks_rehearsal:
        asked += 1
        gaps += 1
    share = gaps / asked
    return max(share, LEAST_ALONE) if one.alone else share


def urgency(days_left: int) -> float:
    """0.5 with 30 days left or more, 2 on the last day and after it."""
    return 2 - 1.5 * min(max(days_left, 0), LONG) / LONG


def level_of(score: float) -> RiskLevel:
    """The level of a score."""
    return next((level for least, level in _FROM if score >= least), RiskLevel.LOW)


def item_risk(one: Standing, days_left: int, leaver: str) -> Risk:
    """The risk of one item; `leaver`: the name."""
    score = WEIGHTS[Importance(one.evidence.item.importance)] * emptiness(one) * urgency(days_left)
    score *= ALONE if one.alone else 1
    return Risk(level_of(score), score, tuple(_reasons(one, leaver)))


def _reasons(one: Standing, leaver: str) -> list[str]:
    said = lacking(one.evidence.coverage, one.evidence.practice)
    if stale := one.evidence.coverage.stale:
        said.append(_("The passage has changed since: %(what)s.") % {"what": slot_words(stale)})
    if one.alone:
        said.append(_("Only %(name)s knows it.") % {"name": leaver})
    if one.asks_rehearsal:
        said.append(
            _("It will not come round again before the last day, and nobody has rehearsed it.")
            if one.round.next_on
            else _("Nobody can say when it comes round again, and nobody has rehearsed it.")
        )
    if one.overdue:
        overdue = ngettext("It was due %(num)s day ago.", "It was due %(num)s days ago.", one.overdue)
        said.append(overdue % {"num": one.overdue})
    if questions := one.evidence.questions:
        open_ones = ngettext("%(num)s question is open.", "%(num)s questions are open.", questions)
        said.append(open_ones % {"num": questions})
    return said

"""The board: how far a handover is, item by item, and what is at risk; page, API and trend read the same one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kb.access.permits import not_found
from kb.access.roles import Role
from kb.checklists.models import Importance, Item, ItemState
from kb.handovers.models import Handover, Membership
from kb.handovers.queries import people_in
from kb.i18n import _, ngettext
from kb.notes.coverage import Coverage, SlotState
from kb.progress.evidence import Evidence, evidence_of
from kb.progress.rhythm import asks_rehearsal, round_of
from kb.progress.risk import Risk, RiskLevel, Standing, item_risk

FEW_DAYS = 7
_ORDER = list(RiskLevel)


@dataclass(frozen=True)
class BoardItem:
    """One item with all that is known of it, and its risk."""

    standing: Standing
    risk: Risk

    @property
    def item(self) -> Item:
        return self.standing.evidence.item

    @property
    def evidence(self) -> Evidence:
        return self.standing.evidence


@dataclass(frozen=True)
class Board:
    """A handover on one day: its items in the checklist's order, its coverage, its risk."""

    handover: Handover
    today: date
    coverage: Coverage
    items: tuple[BoardItem, ...]
    risk: Risk

    @property
    def days_left(self) -> int:
        """Whole days until the last day; negative after it."""
        return (self.handover.last_day - self.today).days

    @property
    def leaver(self) -> str:
        """The name of who leaves."""
        return leaver_of(self.handover)

    def by_risk(self) -> list[BoardItem]:
        """The items, the greatest risk first, equal ones in the checklist's order."""
        return sorted(self.items, key=lambda one: -one.risk.score)


def leaver_of(handover: Handover) -> str:
    """The name of who leaves; members must be loaded."""
    return next((user.name for user in people_in(handover, Role.LEAVER)), "")


def board_of(session: Session, handover_id: str, today: date) -> Board:
    """The board of one handover on the organisation's day; raises NotFound."""
    found = boards_of(session, [handover_id], today)
    if not found:
        raise not_found()
    return found[0]


def boards_of(session: Session, handover_ids: Collection[str], today: date) -> list[Board]:
    """The boards of several handovers, in as many statements as for one, the earliest last day first."""
    handovers = session.scalars(
        select(Handover)
        .where(Handover.id.in_(handover_ids))
        .options(selectinload(Handover.memberships).selectinload(Membership.user))
        .order_by(Handover.last_day, Handover.id)
    ).all()
    evidence = evidence_of(session, [handover.id for handover in handovers], today)
    return [_board(handover, *evidence[handover.id], today) for handover in handovers]


def _board(handover: Handover, coverage: Coverage, evidence: Sequence[Evidence], today: date) -> Board:
    leaver = leaver_of(handover)
    days_left = (handover.last_day - today).days
    standings = [_standing(one, handover, today) for one in evidence]
    items = tuple(BoardItem(one, item_risk(one, days_left, leaver)) for one in standings)
    return Board(handover, today, coverage, items, _risk(items, days_left, leaver))


def _standing(one: Evidence, handover: Handover, today: date) -> Standing:
    leaving = {m.user_id for m in handover.memberships if m.role == Role.LEAVER}
    item = one.item
    round_ = round_of(item.rhythm, item.next_on, today, handover.last_day)
    accepted = item.state == ItemState.ACCEPTED
    overdue = max((today - item.due).days, 0) if item.due and not one.coverage.covered else 0
    return Standing(
        evidence=one,
        round=round_,
        alone=_asks_knowledge(one) and not one.known_by - leaving,
        overdue=overdue,
        asks_rehearsal=asks_rehearsal(round_, today, handover.last_day)
        and not one.rehearsed
        and not accepted,
    )


def _asks_knowledge(one: Evidence) -> bool:
    """Not yet accepted, and not waived altogether."""
    slots = one.coverage.slots
    waived = bool(slots) and all(slot.state == SlotState.WAIVED for slot in slots)
    return one.item.state != ItemState.ACCEPTED and not waived


def _risk(items: Sequence[BoardItem], days_left: int, leaver: str) -> Risk:
    """The worst item's level and score; the reasons count what stands behind it."""
    if not items:
        level = RiskLevel.HIGH if days_left < FEW_DAYS else RiskLevel.MEDIUM
        return Risk(level, 0, (_("The checklist is empty: nobody can say what would be missing."),))
    worst = max(items, key=lambda one: one.risk.score).risk
    unwritten = sum(
        one.item.importance == Importance.CRITICAL and not one.evidence.coverage.filled for one in items
    )
    counted = (
        (unwritten, ngettext("%(num)s critical item has nothing written.",
                             "%(num)s critical items have nothing written.", unwritten)),
        (alone := sum(one.standing.alone for one in items),
         ngettext("%(num)s item is known by %(name)s alone.", "%(num)s items are known by %(name)s alone.", alone)),
        (unheard := sum(one.standing.asks_rehearsal for one in items),
         ngettext("%(num)s item will not come round again before the last day and was never rehearsed.",
                  "%(num)s items will not come round again before the last day and were never rehearsed.", unheard)),
        (late := sum(one.standing.overdue > 0 for one in items),
         ngettext("%(num)s item is overdue.", "%(num)s items are overdue.", late)),
    )  # fmt: skip
    reasons = [text % {"num": number, "name": leaver} for number, text in counted if number]
    if worst.level != RiskLevel.LOW:
        reasons.append(_days_words(days_left))
    return Risk(worst.level, worst.score, tuple(reasons))


def _days_words(days_left: int) -> str:
    if days_left < 0:
        return _("The last day has passed.")
    if days_left == 0:
        return _("Today is the last day.")
    return ngettext("%(num)s day is left.", "%(num)s days are left.", days_left) % {"num": days_left}

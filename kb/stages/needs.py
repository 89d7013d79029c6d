"""What each stage needs before the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kb.access.roles import Role
from kb.checklists.models import Importance
from kb.handovers.models import Handover, Stage
from kb.handovers.queries import people_in
from kb.i18n import _
from kb.notes.coverage import Coverage, coverage_of
from kb.offboarding.queries import gate_is_clear
from kb.registers.queries import still_naming
from kb.rehearsals.models import Meeting, MeetingKind

# The way a handover goes; cancelled is off it.
WAY = (
    Stage.PREPARING,
    Stage.CAPTURING,
    Stage.TRANSFERRING,
    Stage.SIGNED_OFF,
    Stage.SUPPORTING,
    Stage.CLOSED,
)


@dataclass(frozen=True)
class Need:
    """Something to be done before a stage is left.

    `path`: where it is done, under the handover's address. `advice`: worth doing, but nobody is held up by it.
    """

    name: str
    text: str
    met: bool
    path: str
    advice: bool = False


@dataclass(frozen=True)
class Situation:
    """What the needs are decided on; the handover's members are loaded."""

    session: Session
    handover: Handover
    today: date

    def coverage(self) -> Coverage:
        return coverage_of(self.session, self.handover.id)

    def held(self, kind: MeetingKind) -> bool:
        """Whether such a meeting was held: it has minutes."""
        of_kind = (Meeting.handover_id == self.handover.id, Meeting.kind == str(kind), Meeting.minutes != "")
        return bool(self.session.scalar(select(exists().where(*of_kind))))


def _to_capture(now: Situation) -> list[Need]:
    handover = now.handover
    return [
        Need(
            "confirmed", _("The resignation is confirmed in writing."),
            handover.confirmed_on is not None, "/edit#f-confirmed_on", advice=True,
        ),
        Need(
            "successor", _("A successor is named."), bool(people_in(handover, Role.SUCCESSOR)), "/members",
            advice=True,
        ),
        Need(
            "checklist", _("The checklist has items."), bool(now.coverage().items), "/items/new", advice=True
        ),
        Need(
            "kickoff", _("The kick-off meeting was held and has minutes."), now.held(MeetingKind.KICKOFF),
            "/meetings", advice=True,
        ),
        Need(
            "announced", _("Colleagues have been told."), handover.announced_at is not None, "/announcement",
            advice=True,
        ),
    ]  # fmt: skip


def _to_transfer(now: Situation) -> list[Need]:
    critical = [one for one in now.coverage().items if one.item.importance == Importance.CRITICAL]
    return [
        Need(
            "successor", _("A successor is named."), bool(people_in(now.handover, Role.SUCCESSOR)), "/members"
        ),
        Need(
            "critical", _("Every critical item is written down."), all(one.covered for one in critical),
            "#grid",
        ),
    ]  # fmt: skip


def _to_sign(now: Situation) -> list[Need]:
    return [
        Need(
            "signatures", _("Leaver, successor and manager have signed."),
            now.handover.stage in WAY[WAY.index(Stage.SIGNED_OFF) :], "/signoff",
        )
    ]  # fmt: skip


def _to_support(now: Situation) -> list[Need]:
    return [
        Need("last_day", _("The last day has come."), now.today >= now.handover.last_day, "/edit#f-last_day"),
    ]


def _to_close(now: Situation) -> list[Need]:
    until = now.handover.support_until
    return [
        Need(
            "support", _("The support period is over."), until is None or now.today > until,
            "/edit#f-support_until",
        ),
        Need(
            "names", _("Nothing in the register names the leaver any more."),
            not still_naming(now.session, now.handover.id), "/register",
        ),
        Need(
            "gate", _("Nothing is left without somebody who answers for it."),
            gate_is_clear(now.session, now.handover), "/leaving",
        ),
    ]  # fmt: skip


_TO_LEAVE: dict[Stage, Callable[[Situation], list[Need]]] = {
    Stage.PREPARING: _to_capture,
    Stage.CAPTURING: _to_transfer,
    Stage.TRANSFERRING: _to_sign,
    Stage.SIGNED_OFF: _to_support,
    Stage.SUPPORTING: _to_close,
}


def next_stage(stage: Stage) -> Stage | None:
    """The stage after this one; None at the end and off the way."""
    if stage not in WAY or stage == WAY[-1]:
        return None
    return WAY[WAY.index(stage) + 1]


def needs_between(session: Session, handover: Handover, stage: Stage, today: date) -> list[Need]:
    """What is needed to go from where a handover is to a later stage; nothing to go back or to cancel."""
    here = Stage(handover.stage)
    if here not in WAY or stage not in WAY:
        return []
    situation = Situation(session, handover, today)
    passed = WAY[WAY.index(here) : WAY.index(stage)]
    named: dict[str, Need] = {}
    for one in passed:
        for need in _TO_LEAVE[one](situation):
            if need.name not in named or named[need.name].advice:
                named[need.name] = need
    return list(named.values())

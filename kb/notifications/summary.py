"""What a weekly summary says to one person, in the language spoken now; None where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.roles import Role
from kb.annotations.queries import questions_to
from kb.handovers.models import Stage
from kb.i18n import _, ngettext
from kb.notes.freshness import due_of
from kb.notifications.dates import my_practice
from kb.notifications.letter import Letter, Line, Section
from kb.notifications.upcoming import Upcoming, day_words
from kb.offboarding.queries import offered_to
from kb.pagination import count_rows
from kb.progress.board import Board, BoardItem, boards_of
from kb.progress.risk import RiskLevel
from kb.progress.words import sentences

MOST_MISSING = 5
SUPPORTED = (Stage.SIGNED_OFF, Stage.SUPPORTING)


def summary_for(
    session: Session, identity: Identity, handover_ids: Sequence[str], day: date, links: str, zone: str, leave: str
) -> Letter | None:  # fmt: skip
    """The letter to one person about these handovers, of which they are a member."""
    if not handover_ids:
        return None
    boards = boards_of(session, handover_ids, day)
    dated = Upcoming(session, handover_ids, day, links, zone)
    waiting = _waiting(session, identity, boards, day, links)
    about = [_section(board, dated, links) for board in boards]
    if not waiting and not any(section.lists for section in about):
        return None
    first = [Section(_("Waits for you"), lists=(("", tuple(waiting)),))] if waiting else []
    soonest = min(
        (board.days_left for board in boards if board.handover.stage not in SUPPORTED), default=None
    )
    return Letter(
        subject=_subject(soonest), greeting=_("Good morning %(name)s, this is your week.") % {"name": identity.name},
        sections=(*first, *(section for section in about if section.lists)),
        foot=_("You get this on Mondays because you have a part in a handover that is not over."),
        leave=leave, leave_text=_("No more weekly mails"),
    )  # fmt: skip


def _subject(soonest: int | None) -> str:
    if soonest is None or soonest < 0:
        return _("Handover: your week")
    return ngettext(
        "Handover: your week, %(num)s day left", "Handover: your week, %(num)s days left", soonest
    ) % {"num": soonest}


def _waiting(
    session: Session, identity: Identity, boards: Iterable[Board], day: date, links: str
) -> list[Line]:  # fmt: skip
    lines = []
    if asked := count_rows(session, questions_to(identity)):
        said = ngettext(
            "%(num)s question waits for your answer", "%(num)s questions wait for your answer", asked
        )
        lines.append(Line(said % {"num": asked}, f"{links}/"))
    offers = session.scalars(offered_to(identity.user_id, identity.handovers_as())).all()
    if things := sum(len(one.objects) for one in offers):
        said = ngettext("%(num)s thing is offered to you", "%(num)s things are offered to you", things)
        lines.append(Line(said % {"num": things}, f"{links}/handovers/{offers[0].handover_id}/leaving"))
    if notes := count_rows(session, due_of(identity, day)):
        said = ngettext(
            "%(num)s note of yours is to be checked", "%(num)s notes of yours are to be checked", notes
        )
        lines.append(Line(said % {"num": notes}, f"{links}/"))
    for run in my_practice(session, identity.user_id, identity.handovers_as(Role.SUCCESSOR), day):
        lines.append(Line(_("Practise again: %(title)s") % {"title": run.item.title},
                          f"{links}/items/{run.item_id}/practice"))  # fmt: skip
    for board in boards:
        ready = [one for one in board.items if _waits_for_acceptance(one)]
        if ready and Role.SUCCESSOR in identity.roles_in(board.handover.id):
            said = ngettext("%(num)s item is written and waits for you to accept it",
                            "%(num)s items are written and wait for you to accept them", len(ready))  # fmt: skip
            lines.append(Line(said % {"num": len(ready)}, f"{links}/handovers/{board.handover.id}/board"))
    return lines


def _waits_for_acceptance(one: BoardItem) -> bool:
    coverage = one.evidence.coverage
    return (
        coverage.covered
        and coverage.accepted < (len(coverage.slots) or 1)
        and one.evidence.practice.fulfilled
    )


def _section(board: Board, dated: Upcoming, links: str) -> Section:
    handover = board.handover
    lists = []
    if handover.stage not in SUPPORTED:
        worst = [one for one in board.by_risk() if one.risk.level != RiskLevel.LOW and one.risk.reasons]
        missing = tuple(
            Line(one.item.title, f"{links}/items/{one.item.id}", sentences(one.risk.reasons))
            for one in worst[:MOST_MISSING]
        )
        if missing:
            lists.append((_("What would go wrong, the greatest risk first"), missing))
    if lines := dated.of(handover.id):
        lists.append((_("In the next 14 days, or overdue"), tuple(lines)))
    return Section(handover.title, f"{links}/handovers/{handover.id}/board", _standing(board), tuple(lists))


def _standing(board: Board) -> str:
    """Days left, and the reasons of the risk."""
    until = board.handover.support_until
    if board.handover.stage in SUPPORTED:
        return _("Questions are answered until %(day)s.") % {"day": day_words(until)} if until else ""
    left = board.days_left
    if left < 0:
        days = _("The last day has passed.")
    elif left == 0:
        days = _("Today is the last day.")
    else:
        days = ngettext("%(num)s day is left.", "%(num)s days are left.", left) % {"num": left}
    return sentences([days, *(reason for reason in board.risk.reasons if reason != days)])

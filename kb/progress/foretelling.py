"""What would go wrong if the leaver went today, in plain sentences: which thing, why, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kb.access.roles import Role
from kb.checklists.models import Importance, Rhythm, Slot
from kb.handovers.queries import people_in
from kb.i18n import _, mark, ngettext
from kb.progress.board import Board, BoardItem
from kb.progress.rhythm import campaign_name
from kb.progress.risk import WEIGHTS, RiskLevel, level_of, urgency
from kb.progress.words import day_words, sentences, slot_words
from kb.registers.models import Entry, EntryKind, EntryState

# What a missing slot leads to, the worst first.
_LEADS_TO = {
    Slot.ACCESS: mark("Nobody could get in: the accounts and permissions are not written down."),
    Slot.STEPS: mark("Nobody could do it: the steps are not written down."),
    Slot.CONTACTS: mark("Nobody would know whom to call."),
    Slot.EXCEPTIONS: mark("In the first unusual case nobody would know what to do."),
    Slot.CAUTIONS: mark("Mistakes that %(name)s has learnt to avoid would be made again."),
    Slot.DATA: mark("Nobody would find the files and figures it needs."),
    Slot.KEY_POINTS: mark("It would be done, but not what matters about it."),
}
# The same where nothing at all is written and only the leaver knows.
_LOST_WITHOUT = {
    Slot.ACCESS: mark(
        "Nobody could get in: only %(name)s knows the accounts and permissions, and nothing is written."
    ),
    Slot.STEPS: mark("Nobody could do it: nothing is written, and only %(name)s has ever done it."),
    Slot.CONTACTS: mark("Nobody would know whom to call: only %(name)s does, and nothing is written."),
    Slot.DATA: mark("Nobody would find the files and figures: only %(name)s knows where they lie."),
}
_STILL_NAMED = {
    EntryKind.ACCOUNT: mark("Only %(name)s can sign in; nobody else has been let in."),
    EntryKind.DOMAIN: mark("It is still in the name of %(name)s, and so are the registrar's messages."),
    EntryKind.VENDOR: mark("The vendor would still call %(name)s; renewals and faults would reach nobody."),
    EntryKind.FILING: mark("The authority would still call %(name)s, and nobody would answer."),
    EntryKind.CUSTOMER: mark("The customer would still turn to %(name)s and get no answer."),
    EntryKind.DOCUMENT: mark("It is still in the keeping of %(name)s."),
    EntryKind.EQUIPMENT: mark("It is still with %(name)s."),
}
_SIGNED_IN = mark("%(name)s could still sign in.")
_LEVELS = list(RiskLevel)  # the lowest first
_HALF_DONE = frozenset({EntryState.SHARED, EntryState.TRANSFERRED, EntryState.CONFIRMED})


@dataclass(frozen=True)
class Foretold:
    """One thing that would go wrong: what it is about, where it leads, what would happen; the item, if it is one."""

    title: str
    href: str
    text: str
    level: RiskLevel
    score: float
    item_id: str | None = None


def foretell(board: Board, naming: Iterable[Entry] = ()) -> list[Foretold]:
    """Everything that would go wrong, by level and then by score; `naming`: entries that still name the leaver."""
    told = [_item(board, one) for one in board.items if one.risk.reasons]
    told += [_entry(board, entry) for entry in naming]
    if not people_in(board.handover, Role.SUCCESSOR):
        told.append(_no_successor(board))
    return sorted(told, key=lambda one: (-_LEVELS.index(one.level), -one.score))


def _no_successor(board: Board) -> Foretold:
    text = _("Nobody is named to take the work over: whatever is written, nobody is there to learn it.")
    return Foretold(
        _("No successor"), f"/handovers/{board.handover.id}/members", text, RiskLevel.HIGH, float("inf")
    )


def _item(board: Board, one: BoardItem) -> Foretold:
    said = [_why(one, board.leaver), *_when(one, board)]
    return Foretold(
        one.item.title, f"/items/{one.item.id}", sentences(said), one.risk.level, one.risk.score, one.item.id
    )


def _why(one: BoardItem, leaver: str) -> str:
    """The worst of what is lacking, as what it leads to."""
    coverage, standing = one.evidence.coverage, one.standing
    name = {"name": leaver}
    if not coverage.notes and not coverage.filled:
        if standing.alone:
            worst = next((slot for slot in _LOST_WITHOUT if slot in coverage.missing), Slot.STEPS)
            return _(_LOST_WITHOUT[worst]) % name
        return _("Nothing is written; whoever takes it over would have to go by hearsay.")
    for slot, leads_to in _LEADS_TO.items():
        if slot in coverage.missing:
            return _(leads_to) % name
    if coverage.stale:
        return _("What is written about it has changed since it was last looked at: %(what)s.") % {
            "what": slot_words(coverage.stale)
        }
    if standing.alone:
        return _("It is written down, but nobody except %(name)s has read it or tried it.") % name
    if not one.evidence.practice.fulfilled:
        return _("Nobody has practised it enough: the first time alone would be the real thing.")
    if standing.asks_rehearsal:
        return _("It is written down, but nobody has seen it done.")
    questions = one.evidence.questions
    return ngettext(
        "%(num)s question about it would stay open.", "%(num)s questions about it would stay open.", questions
    ) % {"num": questions}


def _when(one: BoardItem, board: Board) -> list[str]:
    """When it will be felt: the next time it comes round, or that it comes round after the last day only."""
    round_, item = one.standing.round, one.item
    if item.rhythm == Rhythm.DAILY and not item.next_on and board.days_left >= 0:
        return [_("It is done every day: it would be felt tomorrow.")]
    if round_.next_on and (not round_.gone or board.days_left < 0):
        return [_("Next time: %(day)s.") % {"day": day_words(round_.next_on, board.today)}]
    if not one.standing.asks_rehearsal:
        return []
    if not round_.next_on:
        return [_("Nobody can say when it comes round again: have it shown or recorded while there is time.")]
    day = day_words(round_.next_on, board.today)
    if item.rhythm == Rhythm.CAMPAIGN and (name := campaign_name(round_.next_on)):
        return [_("The next campaign is %(name)s, %(day)s, after the last day.") % {"name": name, "day": day}]
    return [_("Next time: %(day)s, after the last day.") % {"day": day}]


def _entry(board: Board, entry: Entry) -> Foretold:
    half = entry.state in _HALF_DONE
    leads_to = _SIGNED_IN if half and entry.kind == EntryKind.ACCOUNT else _STILL_NAMED[EntryKind(entry.kind)]
    said = [_(leads_to) % {"name": board.leaver}]
    if entry.expires_on:
        said.append(expiry_words(entry.expires_on, board.today))
    weight = WEIGHTS[Importance(entry.importance)] * urgency(board.days_left) * (0.5 if half else 1)
    return Foretold(
        entry.name, f"/handovers/{board.handover.id}/register#entry-{entry.id}", sentences(said), level_of(weight),
        weight,
    )  # fmt: skip


def expiry_words(day: date, today: date) -> str:
    """When an entry expires or expired, as a sentence."""
    words = {"day": day_words(day, today)}
    return _("It expired: %(day)s.") % words if day < today else _("It expires: %(day)s.") % words

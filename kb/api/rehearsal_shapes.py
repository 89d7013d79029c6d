"""Meetings and practice runs as the API answers them."""

from typing import TypedDict

from kb.checklists.models import Level
from kb.rehearsals.models import MeetingKind, Outcome


class MeetingAnswer(TypedDict):
    """A meeting; without minutes it is still to come (`held` false).

    attendees: a member's email, anybody else's name. items: those shown or talked about; agreed: those made of what
    was agreed. note: the case that a demonstration's problem became. `updated_at` is what `base` of a PATCH takes.
    """

    id: str
    handover: str
    kind: MeetingKind
    held_at: str
    held: bool
    attendees: list[str]
    attendee_names: list[str]
    agenda: str
    minutes: str
    html: str
    items: list[str]
    agreed: list[str]
    problem: str
    recording: str
    note: str | None
    language: str
    recorded_by: str | None
    recorded_by_name: str | None
    url: str
    created_at: str
    updated_at: str


class RunAnswer(TypedDict):
    """One attempt of a successor at an item; `note`: the pitfall or case that its problem became."""

    id: str
    item: str
    successor: str | None
    successor_name: str | None
    recorded_by: str | None
    recorded_by_name: str | None
    level: Level
    outcome: Outcome
    feedback: str
    problem: str
    fix: str
    next_on: str | None
    note: str | None
    held_at: str
    created_at: str

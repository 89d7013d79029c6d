"""Forms about handovers, members and items: what was typed, row by row, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.access.roles import Role
from kb.errors import FieldError
from kb.i18n import _
from kb.validation import Checker
from kb.web.forms import Form, lists

FEWEST_ROWS, MORE_ROWS, MOST_ROWS = 4, 4, 200


@dataclass(frozen=True)
class Row:
    """One person in one role as typed; `name` where the person is known here already."""

    email: str
    role: str
    name: str = ""
    removed: bool = False


def typed_rows(form: Form) -> list[Row]:
    """The rows of the members table, empty ones too."""
    data = lists(form, "member_email", "member_role", "member_name", "remove")
    names = data["member_name"] + [""] * len(data["member_email"])  # new rows have none
    pairs = zip(data["member_email"], data["member_role"], names, strict=False)
    removed = set(data["remove"])
    return [
        Row(str(email), str(role), str(name), str(n) in removed)
        for n, (email, role, name) in enumerate(pairs)
    ][:MOST_ROWS]


def with_room(rows: list[Row], at_least: int = FEWEST_ROWS, more: int = 0) -> list[Row]:
    """The rows and empty ones after them."""
    wanted = max(at_least, len(rows) + more)
    return rows + [Row("", "successor")] * max(0, min(wanted, MOST_ROWS) - len(rows))


def members_of(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows that count, as the services take them."""
    return [{"email": row.email, "role": row.role} for row in rows if row.email.strip() and not row.removed]


def row_errors(rows: Iterable[Row]) -> list[FieldError]:
    """What is wrong with each row, under the row's own name: members-0, members-1 …"""
    errors = []
    for n, row in enumerate(rows):
        if row.email.strip() and not row.removed:
            check = Checker({"email": row.email, "role": row.role})
            check.email("email")
            check.choice("role", Role)
            errors += [FieldError(f"members-{n}", error.message) for error in check.errors]
    return errors


def placed(errors: Iterable[FieldError], rows: list[Row], leaver: str = "") -> list[FieldError]:
    """The services' errors, those about a row's person moved to that row."""
    unknown = {
        _("There is no account for %(email)s.") % {"email": row.email.strip().lower()}: f"members-{n}"
        for n, row in enumerate(rows)
        if row.email.strip().lower() != leaver.strip().lower()
    }
    found = []
    for error in errors:
        if error.field in ("members.email", "members.role"):
            continue  # said by the row already
        field = (
            unknown.get(error.message, error.field) if error.field in ("leaver", "members") else error.field
        )
        found.append(FieldError(field, error.message))
    return found


def past_day(form: Form, today: date) -> list[FieldError]:
    """A last day that is over is asked about once: mistyped, or a handover that is recorded afterwards."""
    try:
        over = date.fromisoformat(str(form.get("last_day", ""))) < today
    except ValueError:  # said by the service
        return []
    if not over or form.get("past"):
        return []
    return [FieldError("last_day", _("This day has passed. Correct it, or say below that this is meant."))]


def labels() -> dict[str, str]:
    """What a person calls each field."""
    return {
        "title": _("Title"), "position": _("Position"), "department": _("Department"),
        "leaver": _("Who leaves (email)"), "last_day": _("Last day"), "support_until": _("Answers questions until"),
        "confirmed_on": _("Resignation confirmed on"), "confirmed_by": _("Confirmed by"),
        "template": _("Checklist to start from"), "language": _("Language"), "stage": _("Stage"),
        "members": _("People"), "module": _("Module"), "guidance": _("What to write down"),
        "importance": _("Importance"), "due": _("Due"), "owner": _("Owner"), "slots": _("What must be captured"),
        "former": _("The notes of"), "rhythm": _("How often"), "state": _("State"),
        "override_reason": _("Why it is accepted all the same"), "practice": _("Practice asked for"),
        "kind": _("Kind"), "held_at": _("When"), "attendees": _("Who was there"), "minutes": _("Minutes"),
        "agenda": _("Agenda"), "problem": _("What went wrong"), "recording": _("Where the recording lies"),
        "agreed": _("What was agreed"), "items": _("What it is about"), "level": _("How far alone"),
        "outcome": _("How it went"), "feedback": _("Feedback"), "fix": _("What helped"),
        "successor": _("Who practised"), "next_on": _("Next on"),
    }  # fmt: skip


def problems(errors: Iterable[FieldError]) -> dict[str, Any]:
    """For the page: messages by field, and the summary, which names each field."""
    known, rows = labels(), list(errors)
    summary = []
    for error in rows:
        label = known.get(error.field.partition("-")[0], error.field)
        summary.append(
            (error.field, _("%(field)s: %(message)s") % {"field": label, "message": error.message})
        )
    return {"errors": summary, "err": {error.field: error.message for error in reversed(rows)}}

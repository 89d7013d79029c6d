"""Input about signing: JSON structures and their validation."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.access.roles import Role
from kb.i18n import _
from kb.notes.fillers import is_filler
from kb.notes.guarding import guard
from kb.signoff.summary import SIGNING_ROLES
from kb.validation import Checker

MOST_RESERVATIONS = 200
MOST_RESERVATION = 1000  # characters of one
MOST_REASON = 500


class SignBody(msgspec.Struct):
    """A signature; `role` only where somebody holds several that are missing."""

    password: str | UnsetType = UNSET
    reservations: list[str] | UnsetType = UNSET
    role: str | UnsetType = UNSET


class AnewBody(msgspec.Struct):
    """Why signing begins again; it is recorded."""

    reason: str | UnsetType = UNSET


def signing(data: Mapping[str, Any]) -> tuple[list[str], Role | None]:
    """The reservations, empty ones left out, and the role to sign in where one was named; raises Invalid."""
    sent = data.get("reservations") or []
    if isinstance(sent, list):  # each in one line, however it was typed
        sent = [" ".join(one.split()) if isinstance(one, str) else one for one in sent]
    check = Checker({**data, "reservations": sent})
    found = check.strings("reservations", most=MOST_RESERVATIONS, each=MOST_RESERVATION)
    if any(map(is_filler, found)):
        check.fail("reservations", says_nothing())
    role = _role(check)
    check.done()
    guard({"reservations": found})
    return found, role


def says_nothing() -> str:
    """What to do about a filler."""
    return _("This says nothing. Write what is open and why, or leave it empty.")


def _role(check: Checker) -> Role | None:
    named = check.data.get("role")
    if named in (None, ""):
        return None
    if named not in SIGNING_ROLES:
        check.fail("role", _("This must be one of: %(allowed)s.") % {"allowed": ", ".join(SIGNING_ROLES)})
        return None
    return Role(named)


def reason_of(data: Mapping[str, Any]) -> str:
    """Why signing begins again."""
    check = Checker(data)
    reason = check.line("reason", most=MOST_REASON, required=False)
    check.done()
    guard({"reason": reason})
    return reason

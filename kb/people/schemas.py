"""Input about people: JSON structures and their validation."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.i18n import _
from kb.people.passwords import LONGEST, SHORTEST
from kb.validation import Checker


class UserBody(msgspec.Struct):
    """A new account."""

    email: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    password: str | None | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    locale: str | UnsetType = UNSET


class TokenBody(msgspec.Struct):
    """A new API token; without `expires_days` it does not expire."""

    expires_days: int | None = None


@dataclass(frozen=True)
class NewUser:
    """A checked account to create; without a password the person cannot sign in to the web pages."""

    email: str
    name: str
    password: str | None
    is_admin: bool
    locale: str


def new_user(data: Mapping[str, Any], default_locale: str) -> NewUser:
    """Check a new account; raises Invalid."""
    check = Checker(data)
    email, name = check.email("email"), check.line("name", most=120)
    password = data.get("password") or None
    if password is not None:
        check_password(check, "password", password)
    locale = check.language("locale", default_locale)
    check.done()
    return NewUser(email, name, password, check.flag("is_admin"), locale)


def check_password(check: Checker, field: str, password: Any) -> None:
    """Length only, as NIST SP 800-63B advises; composition rules make passwords worse."""
    if not isinstance(password, str) or len(password) < SHORTEST:
        check.fail(field, _("A password needs at least %(least)s characters.") % {"least": SHORTEST})
    elif len(password) > LONGEST:
        check.fail(
            field, _("This is too long: at most %(most)s characters are possible.") % {"most": LONGEST}
        )


def new_password(data: Mapping[str, Any]) -> str:
    """Check the field `new_password`; raises Invalid."""
    check = Checker(data)
    check_password(check, "new_password", data.get("new_password"))
    check.done()
    return str(data["new_password"])


def token_days(data: Mapping[str, Any]) -> int | None:
    """How many days a token lasts; None for ever."""
    check = Checker(data)
    days = check.whole("expires_days", low=1, high=3650)
    check.done()
    return days


def suggested_password() -> str:
    """A password a person can type: four groups of four."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _i in range(4)) for _j in range(4))

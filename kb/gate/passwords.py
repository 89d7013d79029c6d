"""Passwords are checked before the transaction that writes: it takes long on purpose, and others wait to write."""

from __future__ import annotations

from typing import Any

from litestar import Request

from kb.access.identity import Identity
from kb.errors import Invalid
from kb.gate.state import services_of
from kb.i18n import _
from kb.people.passwords import verify_password
from kb.people.services import hash_to_check, note_failure

LONGEST_TYPED = 1024  # longer ones are wrong without hashing them
Asked = Request[Any, Any, Any]


def right_hash(request: Asked, email: str, password: str) -> str | None:
    """The hash that the password is right for, None where it is wrong; raises TooMany after repeated failures.

    To be called before the request's session is used; no transaction is open while the password is hashed.
    """
    with services_of(request).database.transaction(read_only=True) as session:
        encoded = hash_to_check(session, email, address_of(request))
    return encoded if verify_password(encoded, password) else None


def count_failure(request: Asked, email: str) -> None:
    """A wrong password counts, in a transaction of its own."""
    with services_of(request).database.transaction() as session:
        note_failure(session, email, address_of(request))


def ask_again(request: Asked, identity: Identity, password: object) -> None:
    """Raise Invalid on `password` unless it is theirs; a wrong one counts as at signing in, and slows down.

    Asks somebody who is signed in, before what they cannot take back; before the request's session is used.
    """
    if not isinstance(password, str) or not password:
        raise Invalid.field("password", _("Type your password: it stands for your signature."))
    if right_hash(request, identity.email, password[:LONGEST_TYPED]) is None:
        count_failure(request, identity.email)
        raise Invalid.field("password", _("This is not your password."))


def address_of(request: Asked) -> str:
    """Where the request came from, for slowing down guessing."""
    return request.client.host if request.client else ""

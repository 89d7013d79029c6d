"""Asking somebody who is signed in for their password again, before what they cannot take back."""

from __future__ import annotations

from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.errors import Invalid
from kb.gate.state import services_of
from kb.i18n import _
from kb.people.services import confirm_password, note_failure

LONGEST_TYPED = 1024  # longer ones are wrong without hashing them


def ask_again(
    request: Request[Any, Any, Any], session: Session, identity: Identity, password: object
) -> None:
    """Raise Invalid on `password` unless it is theirs; a wrong one counts as at signing in, and slows down."""
    if not isinstance(password, str) or not password:
        raise Invalid.field("password", _("Type your password: it stands for your signature."))
    address = request.client.host if request.client else ""
    try:
        confirm_password(session, identity, password[:LONGEST_TYPED], address=address)
    except Invalid:
        session.rollback()  # or counting, in a transaction of its own, would wait for this one
        with services_of(request).database.transaction() as counting:
            note_failure(counting, identity.email, address)
        raise

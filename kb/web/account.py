"""One's own account: language, password, API tokens."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from sqlalchemy.orm import Session

from kb.errors import Invalid, KbError, TooMany
from kb.gate.guards import signed_in
from kb.gate.passwords import count_failure, right_hash
from kb.gate.state import services_of, session_token_of
from kb.notifications.weekly import wants_weekly
from kb.people.models import User
from kb.people.passwords import hash_password
from kb.people.queries import tokens_of
from kb.people.schemas import new_password, token_days
from kb.people.services import change_password, create_token, revoke_token
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of, typed

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}


def _account(request: Asked, session: Session, **context: Any) -> Response[str]:
    tokens = list(session.scalars(tokens_of(reader_of(request).user_id)))
    shown: dict[str, Any] = {
        "tokens": tokens, "token": "", "errors": [], "weekly": wants_weekly(session, reader_of(request).user_id),
        "mails": services_of(request).settings.smtp_url is not None, **context,
    }  # fmt: skip
    return page(request, "sessions/account.html", **shown)


@get("/me", guards=[signed_in], sync_to_thread=True)
def account_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """One's own account."""
    return _account(request, session)


@post("/me/tokens", guards=[signed_in], dependencies=FORM, sync_to_thread=True, status_code=200)
def new_token(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[str]:
    """A new API token, shown this once."""
    reader = reader_of(request)
    try:
        days = token_days(form)
    except Invalid as refused:
        return _account(request, session, status=422, errors=_fields(refused))
    token, _ends = create_token(session, session.get_one(User, reader.user_id), days=days, by=reader)
    session.flush()
    return _account(request, session, token=token)


@post("/me/tokens/end", guards=[signed_in], dependencies=FORM, sync_to_thread=True, status_code=303)
def end_token(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[None]:
    """End one of one's own tokens."""
    revoke_token(session, reader_of(request), typed(form, "token"))
    return go(request, "/me", flash="token-ended")


@post("/me/password", guards=[signed_in], dependencies=FORM, sync_to_thread=True, status_code=303)
def new_password_form(request: Asked, form: NamedDependency[Form]) -> Response[Any]:
    """Change one's password; wrong guesses of the current one count like refused sign-ins."""
    reader = reader_of(request)
    database, kept = services_of(request).database, session_token_of(request) or ""
    try:
        wanted, current = new_password(form), typed(form, "current_password")
        checked, encoded = right_hash(request, reader.email, current), hash_password(wanted)
        with database.transaction() as session:
            change_password(session, reader, checked, encoded, kept=kept)
    except (Invalid, TooMany) as refused:
        errors = _fields(refused) or [("current_password", refused.message)]
        if isinstance(refused, Invalid) and errors[0][0] == "current_password":
            count_failure(request, reader.email)
        with database.transaction(read_only=True) as session:
            return _account(request, session, status=refused.status, errors=errors)
    return go(request, "/me", flash="password-changed")


def _fields(refused: KbError) -> list[tuple[str, str]]:
    return [(one.field, one.message) for one in refused.errors] if isinstance(refused, Invalid) else []


HANDLERS: list[Any] = [account_page, new_token, end_token, new_password_form]

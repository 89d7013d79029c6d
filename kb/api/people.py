"""Accounts and API tokens."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.access.permissions import Permission
from kb.access.permits import not_found
from kb.api.calls import ApiRequest, Json, call
from kb.api.shapes import Me, Token
from kb.errors import SignInNeeded
from kb.gate.guards import allow, signed_in
from kb.gate.state import identity_of, services_of
from kb.i18n import _
from kb.people.models import User
from kb.people.queries import user_by_email
from kb.people.schemas import TokenBody, UserBody, new_user, token_days
from kb.people.services import create_token, create_user


def caller(request: ApiRequest) -> Identity:
    """Who calls; every handler that asks has a guard that let nobody else in."""
    identity = identity_of(request)
    if identity is None:
        raise SignInNeeded(_("Please sign in first."))
    return identity


@get("/me", guards=[signed_in], **call(Me))
def me(request: ApiRequest) -> Me:
    """The account whose token this is."""
    identity = caller(request)
    return Me(
        id=identity.user_id,
        email=identity.email,
        name=identity.name,
        locale=identity.locale,
        is_admin=identity.is_admin,
    )


@post(
    "/users",
    guards=[allow(Permission.USERS_MANAGE)],
    **call(Me, body=UserBody, required="email name", creating=True, errors=(409,)),
)
def post_user(
    request: ApiRequest, session: NamedDependency[Session], sent: NamedDependency[Json]
) -> Response[Me]:
    """Create an account (administrators)."""
    new = new_user(sent, services_of(request).settings.default_locale)
    user = create_user(session, new, by=caller(request))
    made = Me(id=user.id, email=user.email, name=user.name, locale=user.locale, is_admin=user.is_admin)
    return Response(made, status_code=201)


@post(
    "/users/{email:str}/tokens",
    guards=[allow(Permission.USERS_MANAGE)],
    **call(Token, body=TokenBody, optional=True),
)
def post_users_token(
    request: ApiRequest, session: NamedDependency[Session], email: FromPath[str], sent: NamedDependency[Json]
) -> Response[Token]:
    """Create an API token for somebody (administrators); it is shown once."""
    user = user_by_email(session, email) if email.isprintable() else None
    if user is None or not user.is_active:
        raise not_found()
    return _token(request, session, user, sent)


@post("/me/tokens", guards=[signed_in], **call(Token, body=TokenBody, optional=True))
def post_my_token(
    request: ApiRequest, session: NamedDependency[Session], sent: NamedDependency[Json]
) -> Response[Token]:
    """Create an API token for oneself; it is shown once."""
    user = user_by_email(session, caller(request).email)
    if user is None:
        raise not_found()
    return _token(request, session, user, sent)


def _token(request: ApiRequest, session: Session, user: User, sent: Json) -> Response[Token]:
    token, expires = create_token(session, user, days=token_days(sent), by=caller(request))
    return Response(Token(token=token, expires_at=expires.isoformat() if expires else None), status_code=201)


HANDLERS: list[Any] = [me, post_user, post_users_token, post_my_token]

"""Signing in on the spot: a session that ended under somebody's hands is opened again without leaving the page."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide

from kb.errors import Invalid, TooMany
from kb.gate import csrf
from kb.gate.authentication import SESSION_COOKIE
from kb.gate.guards import anyone
from kb.gate.state import identity_of, services_of, session_token_of, signed_in_now
from kb.people.services import SIGNED_IN_FOR
from kb.web.forms import Form, read_form
from kb.web.pages import cookies_of, set_cookie
from kb.web.sessions import count_failure, open_session, typed

Asked = Request[Any, Any, Any]


@get("/session", guards=[anyone], sync_to_thread=True)
def session_now(request: Asked) -> Response[dict[str, str]]:
    """Who is signed in in this browser, and the token for the next form; read by pages of this site only."""
    return _told(request)


@post(
    "/session",
    guards=[anyone],
    dependencies={"form": Provide(read_form)},
    sync_to_thread=True,
    status_code=200,
)
def session_again(request: Asked, form: NamedDependency[Form]) -> Response[dict[str, str]]:
    """Sign in; the answer is the new token, or what was wrong."""
    email, password = typed(form, "email", 254), typed(form, "password")
    try:
        identity, token = open_session(request, email, password)
    except (Invalid, TooMany) as refused:
        count_failure(request, refused, email)
        return Response({"message": refused.message}, status_code=refused.status)
    signed_in_now(request, identity, token)
    answer = _told(request)
    set_cookie(request, answer, SESSION_COOKIE, token, max_age=int(SIGNED_IN_FOR.total_seconds()))
    return answer


def _told(request: Asked) -> Response[dict[str, str]]:
    identity, seed = identity_of(request), cookies_of(request).get(csrf.SEED_COOKIE) or csrf.new_seed()
    token = csrf.make_token(services_of(request).settings.secret_key, seed, session_token_of(request))
    answer = Response({"email": identity.email if identity else "", "csrf_token": token})
    if csrf.SEED_COOKIE not in cookies_of(request):
        set_cookie(request, answer, csrf.SEED_COOKIE, seed, max_age=365 * 86400)
    return answer


HANDLERS: list[Any] = [session_now, session_again]

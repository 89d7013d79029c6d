"""Signing in and out, and what a browser remembers: theme and language."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.errors import Invalid, KbError, SignInNeeded, TooMany
from kb.gate import passwords
from kb.gate.authentication import LOCALE_COOKIE, SESSION_COOKIE, THEME_COOKIE
from kb.gate.guards import anyone
from kb.gate.passwords import right_hash
from kb.gate.state import Connection, identity_of, services_of, session_token_of, signed_in_now
from kb.handovers.queries import identity_of as identity_for
from kb.i18n import LOCALES, _, current_locale
from kb.people.queries import any_user
from kb.people.services import SIGNED_IN_FOR, choose_locale, sign_in, sign_out
from kb.web.forms import Form, read_form
from kb.web.pages import cookies_of, go, page, safe_next, set_cookie
from kb.web.resume import Unsent, carried, send_again

A_YEAR = 365 * 86400
THEMES = ("light", "dark", "auto")
LONGEST_TYPED = 1024  # of a password; longer ones are wrong without hashing them
FORM = {"form": Provide(read_form)}


def typed(form: Form, name: str, most: int = LONGEST_TYPED) -> str:
    """One field as text; what no browser would send (lists, files, control characters) is empty."""
    value = form.get(name, "")
    return value if isinstance(value, str) and len(value) <= most and "\0" not in value else ""


def reader_of(request: Connection) -> Identity:
    """The person a guard has let in."""
    identity = identity_of(request)
    if identity is None:
        raise SignInNeeded(_("Please sign in first."))
    return identity


@get("/sign-in", guards=[anyone], sync_to_thread=True)
def sign_in_page(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[Any]:
    """The form; before there is any account, how to make the first one."""
    address = safe_next(request.query_params.get("next"))
    if identity_of(request):
        return go(request, address)
    first = not any_user(session)
    return page(
        request, "sessions/sign_in.html", next=address, email="", error="", first_start=first, unsent=None
    )


@post("/sign-in", guards=[anyone], sync_to_thread=True, dependencies=FORM, status_code=303)
def sign_in_form(request: Request[Any, Any, Any], form: NamedDependency[Form]) -> Response[Any]:
    """Sign in; what was wrong is not told, and failures count although the attempt is rolled back."""
    email, password = typed(form, "email", 254), typed(form, "password")
    address, late = safe_next(typed(form, "next")), carried(form)
    try:
        identity, token = open_session(request, email, password)
    except (Invalid, TooMany) as refused:
        return _refused(request, refused, email, address, late)
    signed_in_now(request, identity, token)
    answer = send_again(request, late) if late else go(request, address)
    set_cookie(request, answer, SESSION_COOKIE, token, max_age=int(SIGNED_IN_FOR.total_seconds()))
    return answer


def open_session(request: Request[Any, Any, Any], email: str, password: str) -> tuple[Identity, str]:
    """A new session in a transaction of its own; one that was open in this browser ends."""
    chosen, old = cookies_of(request).get(LOCALE_COOKIE, ""), session_token_of(request)
    checked = right_hash(request, email, password)
    with services_of(request).database.transaction() as session:
        user, token = sign_in(session, email, checked)
        if chosen in LOCALES and chosen != user.locale:
            choose_locale(session, user.id, chosen)
        if old:
            sign_out(session, old)
        return identity_for(session, user), token


def _refused(
    request: Request[Any, Any, Any], refused: KbError, email: str, address: str, late: Unsent | None
) -> Response[str]:
    count_failure(request, refused, email)
    return page(
        request, "sessions/sign_in.html", status=refused.status, next=address, email=email,
        error=refused.message, first_start=False, unsent=late,
    )  # fmt: skip


def count_failure(request: Request[Any, Any, Any], refused: KbError, email: str) -> None:
    """A wrong password counts although the attempt is rolled back."""
    if isinstance(refused, Invalid):
        passwords.count_failure(request, email)


@post("/sign-out", guards=[anyone], sync_to_thread=True, status_code=303)
def sign_out_form(request: Request[Any, Any, Any], session: NamedDependency[Session]) -> Response[None]:
    """End this browser's session."""
    token = session_token_of(request)
    if token:
        sign_out(session, token)
    answer = go(request, "/sign-in", flash="signed-out")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@post("/preferences", guards=[anyone], sync_to_thread=True, dependencies=FORM, status_code=303)
def preferences(
    request: Request[Any, Any, Any], session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[None]:
    """Keep the theme or the language in this browser, the language with the account too."""
    theme, locale = typed(form, "theme"), typed(form, "locale")
    answer = go(request, safe_next(typed(form, "next")), flash="saved" if locale in LOCALES else None)
    if theme in THEMES:
        set_cookie(request, answer, THEME_COOKIE, theme, max_age=A_YEAR)
    identity = identity_of(request)
    if locale in LOCALES:
        set_cookie(request, answer, LOCALE_COOKIE, locale, max_age=A_YEAR)
    elif identity and identity.locale != current_locale():
        locale = current_locale()  # chosen by ?lang= on a page that could not write
    if identity and locale in LOCALES:
        choose_locale(session, identity.user_id, locale)
    return answer


HANDLERS: list[Any] = [sign_in_page, sign_in_form, sign_out_form, preferences]

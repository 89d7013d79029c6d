"""Who is asking: the session cookie on pages, the bearer token under /api; and in which language to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from litestar.concurrency import sync_to_thread
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware

from kb.clock import now
from kb.gate.guards import look_up, named_in
from kb.handovers.queries import identity_of as identity_for
from kb.handovers.queries import identity_of_sign_in
from kb.i18n import LOCALES, best_locale, set_locale
from kb.people.queries import user_of_token

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send
    from sqlalchemy.orm import Session

    from kb.access.identity import Facts, Identity
    from kb.db import Database
    from kb.gate.state import Services

    Found = tuple[Identity | None, dict[str, Facts]]

SESSION_COOKIE = "kb_session"
LOCALE_COOKIE = "kb_locale"
THEME_COOKIE = "kb_theme"
# Answered without asking the database who it is.
_OPEN = ("/static/", "/health/", "/favicon.ico")


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a request; another site's odd one beside ours takes nothing away from them."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign and name.strip()}


class Authentication(ASGIMiddleware):
    """Puts the identity, the facts of what the path names, and the locale into the scope.

    Identity and facts are read together: changing to another thread costs as much as the statement there.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if scope["type"] == ScopeType.HTTP and not scope["path"].startswith(_OPEN):
            headers = _headers_of(scope)
            cookies = cookies_of(headers.get("cookie", ""))
            services: Services = scope["litestar_app"].state["services"]
            identity, facts = await self._identify(services.database, scope, headers, cookies)
            scope["kb_identity"] = identity  # type: ignore[typeddict-unknown-key]
            scope["kb_facts"] = facts  # type: ignore[typeddict-unknown-key]
            scope["kb_cookies"] = cookies  # type: ignore[typeddict-unknown-key]
            set_locale(locale_for(scope, headers, cookies, identity, services.settings.default_locale))
        await next_app(scope, receive, send)

    async def _identify(
        self, database: Database, scope: Any, headers: dict[str, str], cookies: dict[str, str]
    ) -> Found:
        by_token = scope["path"].startswith("/api/")
        if by_token:
            scheme, _sep, token = headers.get("authorization", "").partition(" ")
            token = token.strip() if scheme.lower() == "bearer" else ""
        else:
            token = cookies.get(SESSION_COOKIE, "")
        found: Found = (None, {})
        if token:
            found = await sync_to_thread(self._read, database, token, by_token, named_in(scope))
        if not by_token:
            scope["kb_session_token"] = token if found[0] else None
        return found

    def _read(self, database: Database, token: str, by_token: bool, named: dict[str, str]) -> Found:
        with database.transaction(read_only=True) as session:
            identity = _of_token(session, token) if by_token else identity_of_sign_in(session, token, now())
            return identity, look_up(session, named) if identity else {}


def _of_token(session: Session, token: str) -> Identity | None:
    user = user_of_token(session, token, now())
    return identity_for(session, user) if user else None


def locale_for(
    scope: Any, headers: dict[str, str], cookies: dict[str, str], identity: Identity | None, usual: str
) -> str:
    """In which language to answer."""
    own = identity.locale if identity else ""
    if scope["path"].startswith("/api/"):
        # A program has no cookie of ours: what it asks for in its header comes before the account's language.
        default = own if own in LOCALES else usual
        return best_locale(headers.get("accept-language", ""), default)
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    for choice in (asked, cookies.get(LOCALE_COOKIE, ""), own):
        if choice in LOCALES:
            return choice
    return best_locale(headers.get("accept-language", ""), usual)


def read_browser(scope: Any, usual: str) -> None:
    """Cookies and language for what has no address and never came through here; not who is asking."""
    if "kb_cookies" not in scope:
        headers = _headers_of(scope)
        scope["kb_cookies"] = cookies = cookies_of(headers.get("cookie", ""))
        set_locale(locale_for(scope, headers, cookies, None, usual))


def _headers_of(scope: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}

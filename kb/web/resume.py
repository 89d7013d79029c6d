"""Forms that come too late: the session had ended, or another one began. What was typed is carried until it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from kb.errors import KbError
from kb.gate import csrf
from kb.gate.state import Connection, identity_of
from kb.web.pages import cookies_of, page, safe_next

ADDRESS = "resume"  # the field of the sign-in form that names where what it carries was going
KEPT = "kept:"  # stands before the name of each field carried along
# Nothing is typed into these; sending them once more would only surprise.
_PASSING = ("/sign-out", "/preferences")
# What people type, in the order it is given back to them; a form without a field of the second has nothing worth that.
_TYPED = ("body", "replacement", "title", "purpose", "tags", "reason")
_WORTH = ("body", "replacement")


@dataclass(frozen=True)
class Unsent:
    """A form that could not be taken: where it was going, and its fields in order, passwords left out."""

    address: str
    fields: tuple[tuple[str, str], ...]


def unsent(request: Connection) -> Unsent | None:
    """The form of this request, if it was read and surely comes from a page of this site."""
    form: dict[str, Any] | None = request.scope.get("kb_form")  # type: ignore[assignment]
    if not form or not isinstance(form.get(csrf.FIELD), str) or not _from_our_page(request):
        return None
    path, query = request.url.path, request.url.query
    if path == "/sign-in":
        return carried(form)
    address = f"{path}?{query}" if query else path
    if path in _PASSING or safe_next(address) != address:
        return None
    kept = tuple(pair for pair in _pairs(form) if pair[0] != csrf.FIELD and "password" not in pair[0])
    return Unsent(address, kept)


def carried(form: dict[str, Any]) -> Unsent | None:
    """What a sign-in form carries along; only to a path of this site."""
    address = form.get(ADDRESS)
    if not isinstance(address, str) or not address or safe_next(address) != address:
        return None
    kept = tuple((name.removeprefix(KEPT), text) for name, text in _pairs(form) if name.startswith(KEPT))
    return Unsent(address, kept)


def sign_in_again(request: Request[Any, Any, Any], late: Unsent) -> Response[str]:
    """The page for a form whose session had ended: signing in on the spot, everything typed carried along."""
    return page(
        request,
        "sessions/sign_in.html",
        status=401,
        next="/",
        email="",
        error="",
        first_start=False,
        unsent=late,
    )


def send_again(request: Request[Any, Any, Any], late: Unsent, status: int = 200) -> Response[str]:
    """The page with the same form, ready to be sent by one button and in this session's name."""
    return page(request, "sessions/resume.html", status=status, unsent=late)


def answer_late(request: Request[Any, Any, Any], late: Unsent) -> Response[str]:
    """The page for a form that came too late."""
    return send_again(request, late, 403) if identity_of(request) else sign_in_again(request, late)


def texts_of(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields of a form that somebody typed words into, the text first; empty ones are left out."""
    found = [(name, fields.get(name)) for name in _TYPED]
    return [(name, text) for name, text in found if isinstance(text, str) and text.strip()]


def typed_back(request: Request[Any, Any, Any], known: KbError) -> Response[str] | None:
    """The page for words sent where they cannot go any more; it holds nothing but what this request sent itself."""
    late = unsent(request) if known.status in (403, 404) and identity_of(request) else None
    texts = texts_of(dict(late.fields)) if late else []
    if not any(name in _WORTH for name, _text in texts):
        return None
    return page(
        request, "notes/typed_back.html", status=known.status, fields=texts, message=known.message,
        draft=None, bring="", bin="",
    )  # fmt: skip


def _pairs(form: dict[str, Any]) -> list[tuple[str, str]]:
    """Every text of a form; files are not carried."""
    many = [(name, value if isinstance(value, list) else [value]) for name, value in form.items()]
    return [(name, text) for name, texts in many for text in texts if isinstance(text, str)]


def _from_our_page(request: Connection) -> bool:
    """Another site must not put words into a form we then offer for sending."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    # Older browsers, and plain http: the cookie is SameSite=Lax, so that other sites' forms come without it.
    origin = request.headers.get("origin", "").partition("://")[2]
    return csrf.SEED_COOKIE in cookies_of(request) or (bool(origin) and origin == request.headers.get("host"))

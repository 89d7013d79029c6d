"""Forms: read once, strictly, and only with a right token against cross-site requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.handlers import BaseRouteHandler

from kb.errors import KbError, Malformed, NotAllowed, SignInNeeded
from kb.gate import csrf
from kb.gate.state import Connection, identity_of, services_of, session_token_of
from kb.i18n import _
from kb.web.pages import cookies_of, is_fragment
from kb.web.resume import unsent

MOST_FIELDS = 2000
Form = dict[str, Any]


class StaleForm(NotAllowed):
    """A form without the token of this browser and session."""


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """The fields of a posted form; a name sent several times gives a list. Kept on the request."""
    kept: Form | None = request.scope.get("kb_form")  # type: ignore[assignment]
    if kept is None:
        kept = await _parse(request)
        request.scope["kb_form"] = kept  # type: ignore[typeddict-unknown-key]
    return kept


async def _parse(request: Request[Any, Any, Any]) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        pairs = await _parts(request)
    elif kind in ("application/x-www-form-urlencoded", ""):
        pairs = _decode(await request.body())
    else:
        raise Malformed(_("This page takes forms only."))
    form: Form = {}
    for name, value in pairs:
        if name in form:
            form[name] = [*form[name], value] if isinstance(form[name], list) else [form[name], value]
        else:
            form[name] = value
    return form


async def _parts(request: Request[Any, Any, Any]) -> list[tuple[str, Any]]:
    try:
        return list((await request.form()).multi_items())
    except (UnicodeError, LookupError):  # the bytes are not what they are said to be, or in no known encoding
        raise _not_utf8() from None


def _not_utf8() -> Malformed:
    return Malformed(_("The text is not valid UTF-8; it could not be read without damage. Nothing was saved. "
                       "It is still in your browser: go back to the form."))  # fmt: skip


def _decode(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeError:
        raise _not_utf8() from None
    except ValueError:
        raise Malformed(_("The form has too many fields.")) from None


async def from_this_site(connection: Connection, handler: BaseRouteHandler) -> None:
    """A guard on every page: an unsafe method needs the token of this browser and session."""
    if not isinstance(connection, Request) or connection.method in csrf.SAFE_METHODS:
        return
    if handler.opt.get("token_in_address"):
        return  # whoever has the address may do it: no cookie is asked, so nothing is done in anybody's name
    if not sent_token(connection) and handler.opt.get("token_in_stream"):
        return  # a file: whoever reads it checks the token that stands before it
    check_token(connection, sent_token(connection) or (await read_form(connection)).get(csrf.FIELD, ""))


def sent_token(connection: Connection) -> str:
    """The token as scripts send it."""
    return connection.headers.get(csrf.HEADER) or ""


def check_token(connection: Request[Any, Any, Any], token: Any) -> None:
    """Raise unless it is the token of this browser and session."""
    key = services_of(connection).settings.secret_key
    seed = cookies_of(connection).get(csrf.SEED_COOKIE, "")
    if (
        not seed
        or not isinstance(token, str)
        or not csrf.is_right(token, key, seed, session_token_of(connection))
    ):
        raise _stale(connection)


def _stale(request: Request[Any, Any, Any]) -> KbError:
    """Why a form is not taken; where the session has ended, what to do about that."""
    if identity_of(request) is None and (is_fragment(request) or unsent(request)):
        return SignInNeeded(_("Your session has ended. What you typed was not sent and still stands in its field: "
                              "copy it, sign in again and reload this page."))  # fmt: skip
    return StaleForm(_("This form is no longer valid, most likely because you signed in or out meanwhile. "
                       "What you typed is still in your browser: "
                       "go back, copy it, reload the page and send it again."))  # fmt: skip


def lists(form: Form, *names: str) -> Form:
    """The form with these fields as lists, empty ones too: a browser sends nothing for boxes left unticked."""
    made = {name: form.get(name, []) for name in names}
    return {**form, **{name: value if isinstance(value, list) else [value] for name, value in made.items()}}

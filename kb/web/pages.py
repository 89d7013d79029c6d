"""Pages: templates rendered inside the handler's thread, with what every page needs around them."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from markupsafe import Markup

from kb import __version__
from kb.access.permissions import Permission
from kb.access.permits import can
from kb.gate import csrf
from kb.gate.authentication import LOCALE_COOKIE, THEME_COOKIE
from kb.gate.state import Connection, identity_of, services_of, session_token_of
from kb.i18n import LOCALE_NAMES, LOCALES, current_locale, gettext, ngettext
from kb.notes.models import Note
from kb.paths import TEMPLATES
from kb.web import formats
from kb.web.assets import static_url
from kb.web.figures import avatar, icon
from kb.web.flash_texts import flash_texts
from kb.web.wording import FixedWording, SharedParts


@cache
def _environment(zone: str, locale: str) -> Environment:
    """One for each language: what a template imports without its context is made once, in that language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, auto_reload=False,
        extensions=["jinja2.ext.i18n", FixedWording], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.extend(locale=locale)
    environment.template_class = SharedParts
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["_"] = environment.globals["gettext"]
    environment.filters["when"] = partial(formats.when, zone=zone)
    environment.filters["days_left_text"] = formats.days_left_text
    environment.filters["file_size"] = formats.file_size
    environment.globals.update(static=static_url, can=can, Permission=Permission, version=__version__)
    environment.globals.update(draw_icon=icon, draw_avatar=avatar)
    return environment


def preload(zone: str) -> None:
    """Compile every template: what changes on the disk later changes nothing under a running server."""
    for locale in LOCALES:
        environment = _environment(zone, locale)
        for name in environment.list_templates(["html"]):
            environment.get_template(name)


def is_fragment(request: Connection) -> bool:
    """Whether htmx asks for a piece of a page rather than the page."""
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )


def cookies_of(request: Connection) -> dict[str, str]:
    """The request's cookies, as the authentication read them."""
    found: dict[str, str] = request.scope.get("kb_cookies") or {}  # type: ignore[assignment]
    return found


def _language_links(request: Connection) -> list[dict[str, Any]]:
    """The same address in each language."""
    query = request.scope["query_string"].decode("latin-1")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    return [
        {
            "locale": locale,
            "label": LOCALE_NAMES[locale],
            "href": "?" + urlencode([*kept, ("lang", locale)]),
            "current": locale == current_locale(),
        }
        for locale in LOCALES
    ]


def _here(request: Request[Any, Any, Any]) -> str:
    """This very page, with what was asked of it, for forms that lead back; home where it cannot be asked again."""
    if request.method not in csrf.SAFE_METHODS:
        return "/"
    query = request.scope["query_string"].decode("latin-1")
    return request.url.path + (f"?{query}" if query else "")


def _index_notice(request: Connection) -> str:
    """One line while search is not what it should be; the folder is looked at, nothing is asked."""
    live = services_of(request).index
    if live.usable():  # also while another one is built beside it
        return ""
    done, total = live.folder.progress() or (0, 0)
    if not total:
        return gettext(
            "The search index is being rebuilt. Until then only what contains every word is found."
        )
    return gettext(
        "The search index is being rebuilt, %(done)s of %(total)s. Until then only what contains every word is found."
    ) % {"done": done, "total": total}


def page(
    request: Request[Any, Any, Any], template: str, *, status: int = 200,
    headers: dict[str, str] | None = None, **context: Any,
) -> Response[str]:  # fmt: skip
    """Render a template to a page; call it in the handler, while the session is open."""
    settings = services_of(request).settings
    cookies = cookies_of(request)
    seed = cookies.get(csrf.SEED_COOKIE) or csrf.new_seed()
    token = csrf.make_token(settings.secret_key, seed, session_token_of(request))
    surroundings = {
        "identity": identity_of(request),
        "locale": current_locale(),
        "theme": cookies.get(THEME_COOKIE, ""),
        "csrf_token": token,
        "csrf_field": Markup('<input type="hidden" name="csrf_token" value="%s">') % token,
        "path": request.url.path,
        "here": _here(request),
        "q": request.query_params.get("q", ""),
        "lang_links": _language_links(request),
        "flashes": flashes_of(request),
        "index_notice": _index_notice(request),
        "max_upload_mb": settings.max_upload_mb,
    }
    html = (
        _environment(settings.time_zone, current_locale())
        .get_template(template)
        .render(surroundings | context)
    )
    answer = Response(
        html,
        media_type=MediaType.HTML,
        status_code=status,
        headers={"vary": "HX-Request, Cookie", **(headers or {})},
    )
    if csrf.SEED_COOKIE not in cookies:
        answer.set_cookie(_cookie(request, csrf.SEED_COOKIE, seed, max_age=365 * 86400))
    if surroundings["flashes"]:
        answer.delete_cookie(FLASH_COOKIE)
    _keep_language(request, answer)
    return answer


def _keep_language(request: Connection, answer: Response[Any]) -> None:
    """`?lang=` on any page is a choice that is kept: in a cookie, as reading a page may not write."""
    chosen = request.query_params.get("lang", "")
    if chosen in LOCALES and cookies_of(request).get(LOCALE_COOKIE) != chosen:
        set_cookie(request, answer, LOCALE_COOKIE, chosen, max_age=365 * 86400)


def _cookie(
    request: Connection, name: str, value: str, *, max_age: int | None, http_only: bool = True
) -> Cookie:
    secure = services_of(request).settings.secure_cookies
    return Cookie(name, value=value, max_age=max_age, httponly=http_only, secure=secure, samesite="lax")


def set_cookie(
    request: Connection, answer: Response[Any], name: str, value: str, *, max_age: int | None
) -> None:
    """A cookie scripts cannot read, SameSite=Lax, Secure where the address is https."""
    answer.set_cookie(_cookie(request, name, value, max_age=max_age))


# A message for the next page. What it says is looked up here: a cookie is data and could say anything.
FLASH_COOKIE = "kb_flash"


def saved_flash(note: Note) -> str:
    """What a save leaves to say: which revision it made, and when."""
    return f"saved.{note.revision}.{int(note.updated_at.timestamp())}"


def _saved_text(request: Connection, sent: str) -> tuple[str, str] | None:
    """The sentence for `saved.REVISION.SECONDS`; of what a cookie says only numbers are taken."""
    found = re.fullmatch(r"saved\.([0-9]{1,9})\.([0-9]{1,10})", sent)
    if not found:
        return None
    zone = ZoneInfo(services_of(request).settings.time_zone)
    time = f"{datetime.fromtimestamp(int(found[2]), zone):%H:%M:%S}"
    said = gettext("Saved %(time)s, revision %(revision)s.") % {"time": time, "revision": found[1]}
    return said, "ok"


def flashes_of(request: Connection) -> list[dict[str, str]]:
    """What the last action left to say."""
    sent = cookies_of(request).get(FLASH_COOKIE, "")
    known = _saved_text(request, sent) or flash_texts().get(sent)
    return [{"text": known[0], "tone": known[1]}] if known else []


def go(request: Request[Any, Any, Any], address: str, flash: str | None = None) -> Response[None]:
    """Lead on after a form: 303, so that reloading sends nothing twice."""
    # A header holds ASCII only; what is encoded already stays as it is.
    location = quote(address, safe="%/:?#[]@!$&'()*+,;=~")
    answer: Response[None] = Response(None, status_code=303, headers={"location": location})
    if flash:
        set_cookie(request, answer, FLASH_COOKIE, flash, max_age=60)
    _keep_language(request, answer)
    return answer


def safe_next(address: str | None) -> str:
    """Where to go afterwards: a path of this site, never another site."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")) and "\\" not in address:
        return address if address.isprintable() else "/"
    return "/"

"""The glossary: the team's own words, added by everyone, changed by who added them and by administrators."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.clock import now
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow, signed_in
from kb.i18n import _
from kb.search.gaps.pairs import dismiss_pair
from kb.search.glossary.models import GlossaryGroup
from kb.search.glossary.queries import get_group, get_word, may_edit
from kb.search.glossary.services import Added, add, change_group, remove_group, remove_word
from kb.web.forms import Form, read_form
from kb.web.glossary_view import foretold, glossary_rows, suggestions
from kb.web.pages import go, page
from kb.web.sessions import reader_of, typed

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
ADD = [allow(Permission.GLOSSARY_ADD)]
EDIT = [allow(Permission.GLOSSARY_EDIT, "glossary_id")]
FIELDS = ("term", "synonyms", "changed_at")


@get("/glossary", guards=[signed_in], sync_to_thread=True)
def glossary_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """Every group, the form to add one, and what searches suggest."""
    values = {name: request.query_params.get(name, "") for name in ("term", "synonyms")}
    return _list(request, session, values)


def _list(
    request: Asked,
    session: Session,
    values: dict[str, Any],
    *,
    status: int = 200,
    refused: Invalid | None = None,
) -> Response[str]:
    identity = reader_of(request)
    return page(
        request, "glossary/list.html", status=status, values=values,
        foretold="" if refused else foretold(session, values),
        rows=glossary_rows(session, identity, request.query_params), suggested=suggestions(session, identity),
        **_problems(refused),
    )  # fmt: skip


@get("/glossary/foretell", guards=ADD, sync_to_thread=True)
def foretell(
    request: Asked,
    session: NamedDependency[Session],
    term: FromQuery[str] = "",
    synonyms: FromQuery[str] = "",
) -> Response[str]:
    """What adding these words would do, while they are typed."""
    sentence = foretold(session, {"term": term, "synonyms": synonyms})
    return page(request, "glossary/_foretold.html", foretold=sentence)


@post("/glossary", guards=ADD, dependencies=FORM, sync_to_thread=True)
def add_words(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[Any]:
    """Say that words mean the same."""
    sent = _sent(form)
    try:
        added = add(session, reader_of(request), sent)
    except Invalid as refused:
        session.rollback()
        return _list(request, session, sent, status=422, refused=refused)
    return go(request, _shown(added))


def _shown(added: Added) -> str:
    did = "new" if added.created else "joined" if added.joined else "more" if added.changed else "known"
    return f"/glossary?{urlencode({'entry': added.group.id, 'did': did})}"


@post("/glossary/dismiss", guards=[signed_in], dependencies=FORM, sync_to_thread=True)
def dismiss(request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[None]:
    """Say that two searches do not mean the same; who may is decided by who is told of them."""
    dismiss_pair(session, reader_of(request), typed(form, "missed"), typed(form, "found"), now())
    return go(request, "/glossary", flash="removed")


@get("/glossary/dismiss", guards=[signed_in], sync_to_thread=True)
def back_to_glossary(request: Asked) -> Response[None]:
    """Where a form that was refused leads back to."""
    return go(request, "/glossary")


@get("/glossary/{glossary_id:str}/edit", guards=EDIT, sync_to_thread=True)
def edit_form(request: Asked, session: NamedDependency[Session], glossary_id: FromPath[str]) -> Response[str]:
    """The form to change a group."""
    group = get_group(session, glossary_id)
    return _form(request, group, _values(group))


def _form(
    request: Asked, group: GlossaryGroup, values: dict[str, Any], *, status: int = 200,
    refused: Invalid | None = None, conflict: Conflict | None = None,
) -> Response[str]:  # fmt: skip
    return page(
        request, "glossary/edit.html", status=status, group=group, values=values, conflict=conflict,
        **_problems(refused),
    )  # fmt: skip


@post("/glossary/{glossary_id:str}/edit", guards=EDIT, dependencies=FORM, sync_to_thread=True)
def edit(
    request: Asked,
    session: NamedDependency[Session],
    glossary_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Give a group other words."""
    sent = _sent(form)
    try:
        change_group(session, reader_of(request), glossary_id, sent)
    except Invalid as refused:
        session.rollback()
        return _form(request, get_group(session, glossary_id), sent, status=422, refused=refused)
    except Conflict as conflict:
        session.rollback()
        group = get_group(session, glossary_id)
        now_read = {**sent, "changed_at": group.changed_at.isoformat()}
        return _form(request, group, now_read, status=409, conflict=conflict)
    return go(request, f"/glossary?entry={glossary_id}", flash="saved")


@get("/glossary/{glossary_id:str}/remove", guards=EDIT, sync_to_thread=True)
def remove_form(
    request: Asked, session: NamedDependency[Session], glossary_id: FromPath[str]
) -> Response[str]:
    """What goes, before it does."""
    group = get_group(session, glossary_id)
    return page(request, "glossary/remove.html", group=group, word=None, last=False)


@post("/glossary/{glossary_id:str}/remove", guards=EDIT, sync_to_thread=True)
def remove(request: Asked, session: NamedDependency[Session], glossary_id: FromPath[str]) -> Response[None]:
    """Take a group out."""
    remove_group(session, reader_of(request), glossary_id)
    return go(request, "/glossary", flash="removed")


@get("/glossary/words/{word_id:str}/remove", guards=[signed_in], sync_to_thread=True)
def remove_word_form(
    request: Asked, session: NamedDependency[Session], word_id: FromPath[str]
) -> Response[str]:
    """What goes with one word, before it does."""
    word = get_word(session, word_id)
    group = get_group(session, word.group_id)
    return page(request, "glossary/remove.html", group=group, word=word, last=len(group.words) <= 2)


@post("/glossary/words/{word_id:str}/remove", guards=[signed_in], sync_to_thread=True)
def remove_one_word(
    request: Asked, session: NamedDependency[Session], word_id: FromPath[str]
) -> Response[None]:
    """Take one word out; who may is decided by whose it is and whose group."""
    group = remove_word(session, reader_of(request), word_id)
    return go(request, f"/glossary?entry={group.id}" if group else "/glossary", flash="removed")


@get("/glossary/{glossary_id:str}", guards=[signed_in], sync_to_thread=True)
def one(request: Asked, session: NamedDependency[Session], glossary_id: FromPath[str]) -> Response[None]:
    """A group's address, as the API gives it: where it can be changed, or where it stands in the list."""
    group = get_group(session, glossary_id)
    edits = may_edit(reader_of(request), group)
    return go(request, f"/glossary/{group.id}/edit" if edits else f"/glossary?entry={group.id}")


def _problems(refused: Invalid | None) -> dict[str, Any]:
    """For the page: the summary, each message with the name of its field, and the messages by field."""
    labels = {"term": _("Word"), "synonyms": _("Means the same")}
    rows = [(error.field, error.message) for error in refused.errors] if refused else []
    named = [(field, _("%(field)s: %(message)s") % {"field": labels.get(field, field), "message": message})
             for field, message in rows]  # fmt: skip
    return {"errors": named, "err": dict(reversed(rows))}


def _sent(form: Form) -> dict[str, Any]:
    return {name: form.get(name, "") for name in FIELDS}


def _values(group: GlossaryGroup) -> dict[str, Any]:
    words = [word.word for word in group.words]
    return {"term": words[0], "synonyms": "\n".join(words[1:]), "changed_at": group.changed_at.isoformat()}


HANDLERS: list[Any] = [
    glossary_page, foretell, add_words, dismiss, back_to_glossary, edit_form, edit, remove_form, remove,
    remove_word_form, remove_one_word, one,
]  # fmt: skip

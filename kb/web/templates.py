"""Administration of templates: the list, one, beginning, copying, retiring one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.checklists.template_queries import all_kept, get_kept
from kb.checklists.template_reading import Mistaken, read_texts
from kb.checklists.template_services import copy_template, create_template, set_retired
from kb.checklists.templates import Template
from kb.errors import FieldError, Invalid
from kb.gate.guards import allow
from kb.web.forms import Form, read_form
from kb.web.pages import go, page
from kb.web.sessions import reader_of
from kb.web.template_forms import field_errors, problems, said, save, text_values, texts

Asked = Request[Any, Any, Any]
FORM = {"form": Provide(read_form)}
MANAGE = [allow(Permission.TEMPLATES_MANAGE)]


@get("/admin/templates", guards=MANAGE, sync_to_thread=True)
def list_page(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """The checklists a handover can start from, and the retired ones."""
    return list_answer(request, session)


def list_answer(
    request: Asked, session: Session, errors: Iterable[FieldError] = (), status: int = 200
) -> Response[str]:
    """The list; `errors` are about the file that was sent."""
    return page(
        request, "checklists/list.html", status=status, templates=all_kept(session), **problems(errors)
    )


@get("/admin/templates/new", guards=MANAGE, sync_to_thread=True)
def new_form(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """The form to begin an empty one."""
    return _texts_page(request, session, "new", None, {})


@post("/admin/templates/new", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def begin(request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]) -> Response[Any]:
    """Begin an empty template."""
    try:
        words = _read(form)
        empty = Template(said(form, "id").strip(), 1, words["titles"], words["descriptions"], ())
        made = create_template(session, reader_of(request), empty, said(form, "why"))
    except (Mistaken, Invalid) as wrong:
        session.rollback()
        return _texts_page(request, session, "new", None, form, errors=_errors(wrong), status=422)
    return go(request, f"/admin/templates/{made.id}", flash="created")


def _read(form: Form) -> dict[str, dict[str, str]]:
    return read_texts(
        {name: texts(form, name) for name in ("titles", "descriptions")}, "titles", "descriptions"
    )


def _errors(wrong: Mistaken | Invalid) -> list[FieldError]:
    return field_errors(wrong) if isinstance(wrong, Mistaken) else list(wrong.errors)


def _texts_page(
    request: Asked, session: Session, deed: str, template_id: str | None, values: dict[str, Any], *,
    status: int = 200, errors: Iterable[FieldError] = (), conflict: str = "",
) -> Response[str]:  # fmt: skip
    """Title and description: of a new template, of one there is, or of a copy of it."""
    kept = get_kept(session, template_id) if template_id else None
    return page(
        request, "checklists/texts.html", status=status, deed=deed, kept=kept, values=values, conflict=conflict,
        **problems(errors),
    )  # fmt: skip


@get("/admin/templates/{template_id:str}", guards=MANAGE, sync_to_thread=True)
def show(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[str]:
    """One template, module by module."""
    return page(request, "checklists/template.html", kept=get_kept(session, template_id))


@get("/admin/templates/{template_id:str}/edit", guards=MANAGE, sync_to_thread=True)
def edit_form(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[str]:
    """The form to change title and description."""
    template = get_kept(session, template_id).template
    values = text_values("titles", template.titles) | text_values("descriptions", template.descriptions)
    return _texts_page(request, session, "edit", template_id, values)


@post("/admin/templates/{template_id:str}/edit", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def edit(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Change title and description."""

    def again(**more: Any) -> Response[str]:
        return _texts_page(request, session, "edit", template_id, form, **more)

    def change(template: Template) -> Template:
        words = _read(form)
        return replace(template, titles=words["titles"], descriptions=words["descriptions"])

    return save(request, session, template_id, form, change, again)


@get("/admin/templates/{template_id:str}/copy", guards=MANAGE, sync_to_thread=True)
def copy_form(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[str]:
    """The form to copy a template under another id."""
    template = get_kept(session, template_id).template
    return _texts_page(request, session, "copy", template_id, text_values("titles", template.titles))


@post("/admin/templates/{template_id:str}/copy", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def copy(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Copy a template under another id."""
    try:
        titles = read_texts({"titles": texts(form, "titles")}, "titles")["titles"]
        made = copy_template(
            session, reader_of(request), template_id, said(form, "id").strip(), titles, said(form, "why")
        )
    except (Mistaken, Invalid) as wrong:
        session.rollback()
        return _texts_page(request, session, "copy", template_id, form, errors=_errors(wrong), status=422)
    return go(request, f"/admin/templates/{made.id}", flash="created")


@post("/admin/templates/{template_id:str}/retire", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def retire(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Offer a template no longer."""
    set_retired(session, reader_of(request), template_id, retired=True, why=said(form, "why"))
    return go(request, f"/admin/templates/{template_id}", flash="saved")


@post("/admin/templates/{template_id:str}/take-up", guards=MANAGE, sync_to_thread=True)
def take_up(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[Any]:
    """Offer it again."""
    set_retired(session, reader_of(request), template_id, retired=False)
    return go(request, f"/admin/templates/{template_id}", flash="saved")


HANDLERS: list[Any] = [list_page, new_form, begin, show, edit_form, edit, copy_form, copy, retire, take_up]

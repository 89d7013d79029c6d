"""Administration of templates: as YAML, out and in; versions, and an earlier one taken up again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.checklists.template_edits import changes_between
from kb.checklists.template_queries import get_kept, get_version, versions_of
from kb.checklists.template_services import bring_in, restore_version
from kb.checklists.template_yaml import MOST_CHARACTERS, template_as_yaml, template_from_yaml
from kb.checklists.templates import Template
from kb.errors import Conflict, FieldError, Invalid
from kb.gate import csrf
from kb.gate.uploads import FIELD, Fields, Upload, receive
from kb.i18n import _
from kb.web.forms import Form, check_token, sent_token
from kb.web.pages import go, page
from kb.web.sessions import reader_of
from kb.web.template_forms import problems, said, save
from kb.web.templates import FORM, MANAGE, Asked, list_answer


async def _received(request: Request[Any, Any, Any]) -> AsyncIterator[Upload]:
    def before(fields: Fields) -> None:
        check_token(request, sent_token(request) or fields.get(csrf.FIELD, ""))

    async for upload in receive(request, before):
        yield upload


@get("/admin/templates/{template_id:str}/export.yaml", guards=MANAGE, sync_to_thread=True)
def download(session: NamedDependency[Session], template_id: FromPath[str]) -> Response[bytes]:
    """The newest version as a file."""
    return _file(get_kept(session, template_id).template)


@get(
    "/admin/templates/{template_id:str}/versions/{version:int}/export.yaml",
    guards=MANAGE,
    sync_to_thread=True,
)
def download_version(
    session: NamedDependency[Session], template_id: FromPath[str], version: FromPath[int]
) -> Response[bytes]:
    """An earlier version as a file."""
    return _file(get_version(session, template_id, version).template)


def _file(template: Template) -> Response[bytes]:
    name = f"{template.id}-{template.version}.yaml"
    return Response(
        template_as_yaml(template).encode("utf-8"), media_type="application/yaml; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"},
    )  # fmt: skip


@post("/admin/templates/import", guards=MANAGE, dependencies={"upload": Provide(_received)},
      request_max_body_size=None, opt={"token_in_stream": True}, sync_to_thread=True)  # fmt: skip
def upload_file(
    request: Asked, session: NamedDependency[Session], upload: NamedDependency[Upload]
) -> Response[Any]:
    """Bring a file in; what is wrong with it can be mended where it is told."""
    try:
        text = _text(upload)
    except Invalid as refused:
        return list_answer(request, session, refused.errors, 422)
    return _bring_in(request, session, text, "")


def _text(upload: Upload) -> str:
    if upload.incoming.size > MOST_CHARACTERS:
        raise Invalid.field(FIELD, _("A template is smaller than this file; at most 256 KB are read."))
    try:
        return upload.incoming.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid.field(FIELD, _("This is no YAML file in UTF-8.")) from None


@get("/admin/templates/import", guards=MANAGE, sync_to_thread=True)
def import_form(request: Asked) -> Response[str]:
    """A template typed or pasted as YAML."""
    return _yaml_page(request, None, "")


@get("/admin/templates/read", guards=MANAGE, sync_to_thread=True)
def back(request: Asked) -> Response[None]:
    """Where a reload or a change of language leads after a refused form."""
    return go(request, "/admin/templates/import")


@post("/admin/templates/read", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def read_typed(
    request: Asked, session: NamedDependency[Session], form: NamedDependency[Form]
) -> Response[Any]:
    """Bring in a template that was typed or pasted."""
    return _bring_in(request, session, said(form, "yaml"), said(form, "why"))


def _bring_in(request: Asked, session: Session, text: str, why: str) -> Response[Any]:
    try:
        now, before = bring_in(session, reader_of(request), template_from_yaml(text, "yaml"), why)
    except Invalid as refused:
        session.rollback()
        return _yaml_page(request, None, text, errors=refused.errors, status=422, why=why)
    except Conflict as conflict:
        session.rollback()
        return _yaml_page(request, None, text, conflict=conflict.message, status=409, why=why)
    same = before is not None and before.template.version == now.version
    return go(request, f"/admin/templates/{now.id}", flash="unchanged" if same else "saved")


def _yaml_page(
    request: Asked, kept: Any, text: str, *, errors: Iterable[FieldError] = (), conflict: str = "",
    status: int = 200, why: str = "",
) -> Response[str]:  # fmt: skip
    return page(
        request, "checklists/yaml.html", status=status, kept=kept, text=text, conflict=conflict, why=why,
        **problems(errors),
    )  # fmt: skip


@get("/admin/templates/{template_id:str}/yaml", guards=MANAGE, sync_to_thread=True)
def yaml_form(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[str]:
    """The whole template as text."""
    kept = get_kept(session, template_id)
    return _yaml_page(request, kept, template_as_yaml(kept.template))


@post("/admin/templates/{template_id:str}/yaml", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def save_yaml(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Save the whole template as it was typed; its id stays."""
    text = said(form, "yaml")

    def again(**more: Any) -> Response[str]:
        return _yaml_page(request, get_kept(session, template_id), text, why=said(form, "why"), **more)

    def change(_before: Template) -> Template:
        return replace(template_from_yaml(text, "yaml"), id=template_id)

    return save(request, session, template_id, form, change, again)


@get("/admin/templates/{template_id:str}/versions", guards=MANAGE, sync_to_thread=True)
def versions(request: Asked, session: NamedDependency[Session], template_id: FromPath[str]) -> Response[str]:
    """Who saved what, when and why."""
    found = versions_of(session, template_id)
    rows = [
        (kept, changes_between(found[n + 1].template, kept.template) if n + 1 < len(found) else None)
        for n, kept in enumerate(found)
    ]
    return page(request, "checklists/versions.html", kept=get_kept(session, template_id), rows=rows)


@get("/admin/templates/{template_id:str}/versions/{version:int}", guards=MANAGE, sync_to_thread=True)
def show_version(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], version: FromPath[int]
) -> Response[str]:
    """A version as it was."""
    kept, current = get_version(session, template_id, version), get_kept(session, template_id)
    changes = changes_between(kept.template, current.template)
    return page(request, "checklists/version.html", kept=kept, current=current, changes=changes)


@post("/admin/templates/{template_id:str}/versions/{version:int}/restore", guards=MANAGE, dependencies=FORM,
      sync_to_thread=True)  # fmt: skip
def restore(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    version: FromPath[int],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Save an earlier version again as the newest."""
    saved = restore_version(session, reader_of(request), template_id, version, said(form, "why"))
    return go(request, f"/admin/templates/{template_id}", flash="restored" if saved else "unchanged")


HANDLERS: list[Any] = [
    download, download_version, upload_file, import_form, back, read_typed, yaml_form, save_yaml, versions,
    show_version, restore,
]  # fmt: skip

"""Administration of templates: modules, items, and their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from kb.access.permits import not_found
from kb.checklists.template_edits import (
    new_key,
    with_item,
    without_item,
)
from kb.checklists.template_queries import get_kept
from kb.checklists.template_reading import read_item
from kb.checklists.templates import Template, TemplateItem, TemplateModule
from kb.errors import FieldError, Invalid
from kb.i18n import _
from kb.web.forms import Form
from kb.web.pages import page
from kb.web.template_forms import item_data, item_typed, item_values, problems, said, save, texts
from kb.web.templates import FORM, MANAGE, Asked

_ITEM = "/admin/templates/{template_id:str}/items/{item_key:str}"
NEW = "_new"  # which no key can be


def _item_page(
    request: Asked, session: Session, template_id: str, key: str, values: dict[str, Any], *,
    status: int = 200, errors: Iterable[FieldError] = (), conflict: str = "",
) -> Response[str]:  # fmt: skip
    kept = get_kept(session, template_id)
    return page(
        request, "checklists/item.html", status=status, kept=kept, item=kept.template.item(key), key=key,
        values=values, conflict=conflict, **problems(errors),
    )  # fmt: skip


@get(_ITEM, guards=MANAGE, sync_to_thread=True)
def item_form(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    item_key: FromPath[str],
    module: FromQuery[str] = "",
) -> Response[str]:
    """The form of an item, or of a new one in `module`."""
    template = get_kept(session, template_id).template
    if item_key == NEW:
        return _item_page(request, session, template_id, item_key, item_values(None, template.module(module)))
    item = template.item(item_key)
    if item is None:
        raise not_found()
    return _item_page(
        request, session, template_id, item_key, item_values(item, template.module_of(item_key))
    )


@post(_ITEM, guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def save_item(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    item_key: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Add or change an item."""

    def again(**more: Any) -> Response[str]:
        return _item_page(request, session, template_id, item_key, item_typed(form), **more)

    def change(template: Template) -> Template:
        item = read_item(item_data(form, key_of(template, form, item_key, "item")))
        home = said(form, "module")
        if template.module(home) is None:
            raise Invalid.field("module", _("Choose a module."))
        return with_item(template, item, home)

    return save(request, session, template_id, form, change, again, f"#module-{said(form, 'module')}")


def key_of(template: Template, form: Form, key: str, kind: str) -> str:
    return new_key(template, texts(form, "titles"), kind) if key == NEW else key


@get(f"{_ITEM}/remove", guards=MANAGE, sync_to_thread=True)
def remove_item_form(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], item_key: FromPath[str]
) -> Response[str]:
    """What goes, before it does."""
    return remove_page(request, session, template_id, "items", item_key)


def remove_page(
    request: Asked, session: Session, template_id: str, kind: str, key: str, *, status: int = 200,
    errors: Iterable[FieldError] = (), conflict: str = "",
) -> Response[str]:  # fmt: skip
    kept = get_kept(session, template_id)
    found: TemplateItem | TemplateModule | None
    found = kept.template.item(key) if kind == "items" else kept.template.module(key)
    if found is None:
        raise not_found()
    return page(
        request, "checklists/remove.html", status=status, kept=kept, kind=kind, one=found, conflict=conflict,
        **problems(errors),
    )  # fmt: skip


@post(f"{_ITEM}/remove", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def remove_item(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    item_key: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Take an item out."""

    def again(**more: Any) -> Response[str]:
        return remove_page(request, session, template_id, "items", item_key, **more)

    return save(request, session, template_id, form, lambda t: without_item(t, item_key), again)


HANDLERS: list[Any] = [item_form, save_item, remove_item_form, remove_item]

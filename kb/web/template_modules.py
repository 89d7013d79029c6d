"""Administration of templates: modules, and the order of everything."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permits import not_found
from kb.checklists.template_edits import in_order, with_module, without_module
from kb.checklists.template_queries import get_kept
from kb.checklists.template_reading import read_texts
from kb.checklists.templates import Template, TemplateModule
from kb.errors import FieldError
from kb.web.forms import Form, lists
from kb.web.pages import page
from kb.web.template_forms import problems, save, text_values, texts
from kb.web.template_items import NEW, key_of, remove_page
from kb.web.templates import FORM, MANAGE, Asked

_MODULE = "/admin/templates/{template_id:str}/modules/{module_key:str}"


def _module_page(
    request: Asked, session: Session, template_id: str, key: str, values: dict[str, Any], *,
    status: int = 200, errors: Iterable[FieldError] = (), conflict: str = "",
) -> Response[str]:  # fmt: skip
    kept = get_kept(session, template_id)
    return page(
        request, "checklists/module.html", status=status, kept=kept, module=kept.template.module(key), key=key,
        values=values, conflict=conflict, **problems(errors),
    )  # fmt: skip


@get(_MODULE, guards=MANAGE, sync_to_thread=True)
def module_form(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], module_key: FromPath[str]
) -> Response[str]:
    """The form of a module, or of a new one."""
    module = get_kept(session, template_id).template.module(module_key)
    if module is None and module_key != NEW:
        raise not_found()
    values = text_values("titles", module.titles if module else {})
    return _module_page(request, session, template_id, module_key, values)


@post(_MODULE, guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def save_module(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    module_key: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Add or rename a module."""

    def again(**more: Any) -> Response[str]:
        return _module_page(request, session, template_id, module_key, form, **more)

    def change(template: Template) -> Template:
        titles = read_texts({"titles": texts(form, "titles")}, "titles")["titles"]
        old = template.module(module_key)
        made = key_of(template, form, module_key, "module")
        return with_module(template, TemplateModule(made, titles, old.items if old else ()))

    return save(request, session, template_id, form, change, again)


@get(f"{_MODULE}/remove", guards=MANAGE, sync_to_thread=True)
def remove_module_form(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], module_key: FromPath[str]
) -> Response[str]:
    """What goes with a module, before it does."""
    return remove_page(request, session, template_id, "modules", module_key)


@post(f"{_MODULE}/remove", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def remove_module(
    request: Asked,
    session: NamedDependency[Session],
    template_id: FromPath[str],
    module_key: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Take a module out with its items."""

    def again(**more: Any) -> Response[str]:
        return remove_page(request, session, template_id, "modules", module_key, **more)

    return save(request, session, template_id, form, lambda t: without_module(t, module_key), again)


@get("/admin/templates/{template_id:str}/order", guards=MANAGE, sync_to_thread=True)
def order_form(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str]
) -> Response[str]:
    """Every module and item with its place, and the module an item stands in."""
    return page(
        request, "checklists/order.html", kept=get_kept(session, template_id), conflict="", **problems(())
    )


@post("/admin/templates/{template_id:str}/order", guards=MANAGE, dependencies=FORM, sync_to_thread=True)
def put_in_order(
    request: Asked, session: NamedDependency[Session], template_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Put modules and items in the order of their numbers, items into the modules chosen."""

    def again(status: int = 422, errors: Iterable[FieldError] = (), conflict: str = "") -> Response[str]:
        kept = get_kept(session, template_id)
        return page(
            request, "checklists/order.html", status=status, kept=kept, conflict=conflict, **problems(errors)
        )

    sent = lists(form, "item", "place", "home", "module", "module_place")
    homes = dict(zip(sent["item"], sent["home"], strict=False))
    return save(
        request, session, template_id, form,
        lambda t: in_order(
            t, _places(sent["item"], sent["place"]), homes, _places(sent["module"], sent["module_place"])
        ),
        again,
    )  # fmt: skip


def _places(keys: list[str], numbers: list[str]) -> dict[str, float]:
    """The place typed for each key; one half lies between two; what is no number leaves the place as it was."""
    found = {}
    for key, typed_number in zip(keys, numbers, strict=False):
        try:
            number = float(typed_number)
        except ValueError:
            continue
        if math.isfinite(number):
            found[key] = number
    return found


HANDLERS: list[Any] = [
    module_form, save_module, remove_module_form, remove_module, order_form, put_in_order,
]  # fmt: skip

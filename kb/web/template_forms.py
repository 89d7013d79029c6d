"""Forms about templates: fields to data and back, and what is wrong with them by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from litestar import Request, Response
from sqlalchemy.orm import Session

from kb.checklists.models import Importance, Slot
from kb.checklists.template_reading import Mistaken
from kb.checklists.template_services import change_template
from kb.checklists.templates import Template, TemplateItem, TemplateModule
from kb.errors import Conflict, FieldError, Invalid
from kb.i18n import LOCALES, _, current_locale
from kb.web.forms import Form, lists
from kb.web.pages import go
from kb.web.sessions import reader_of

ITEM_FIELDS = ("importance", "rhythm", "due_days_before")


def said(form: Form, name: str) -> str:
    """One field as it was typed; how long it may be is said by whoever checks it."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def texts(form: Form, name: str) -> dict[str, str]:
    """A text in both languages, typed into one field for each."""
    return {locale: said(form, f"{name}-{locale}") for locale in LOCALES}


def item_data(form: Form, key: str) -> dict[str, Any]:
    """The item of a form, as a template's YAML would say it."""
    chosen, level = lists(form, "slots", "kinds"), said(form, "practice-level")
    practice = {"level": level, "runs": said(form, "practice-runs")} if level else None
    return {name: said(form, name).strip() for name in ITEM_FIELDS} | {
        "key": key, "titles": texts(form, "titles"), "guidance": texts(form, "guidance"),
        "slots": chosen["slots"], "kinds": chosen["kinds"], "practice": practice,
    }  # fmt: skip


def item_typed(form: Form) -> dict[str, Any]:
    """What was typed, for the form to show it again."""
    plain = {name: value for name, value in form.items() if isinstance(value, str)}
    return plain | {name: lists(form, name)[name] for name in ("slots", "kinds")}


def item_values(item: TemplateItem | None, module: TemplateModule | None) -> dict[str, Any]:
    """An item as its form shows it; what is usual for a new one."""
    home = module.key if module else ""
    if item is None:
        usual = [str(slot) for slot in (Slot.STEPS, Slot.KEY_POINTS, Slot.CAUTIONS)]
        return {"module": home, "importance": str(Importance.NORMAL), "slots": usual, "kinds": ["procedure"]}
    return {
        "module": home, "importance": str(item.importance), "slots": [str(slot) for slot in item.slots],
        "kinds": list(item.kinds), "rhythm": str(item.rhythm or ""), "due_days_before": item.due_days_before,
        "practice-level": str(item.practice.level) if item.practice else "",
        "practice-runs": item.practice.runs if item.practice else "",
        **text_values("titles", item.titles), **text_values("guidance", item.guidance),
    }  # fmt: skip


def text_values(name: str, said: dict[str, str]) -> dict[str, str]:
    """A text as the two fields of its form show it."""
    return {f"{name}-{locale}": said.get(locale, "") for locale in LOCALES}


def field_errors(mistaken: Mistaken) -> list[FieldError]:
    """Mistakes by the fields of the form; one about both languages is told at the reader's."""
    found = []
    for one in mistaken.mistakes:
        name = "-".join(str(part) for part in one.path)
        if name in ("titles", "guidance", "descriptions"):
            name = f"{name}-{current_locale()}"
        found.append(FieldError(name, one.message))
    return found


def problems(errors: Iterable[FieldError]) -> dict[str, Any]:
    """For the page: messages by field, and the summary, which names each field."""
    labels = {
        "titles": _("Title"), "descriptions": _("Description"), "guidance": _("What to write down"),
        "module": _("Module"), "importance": _("Importance"), "slots": _("What must be captured"),
        "kinds": _("Kinds of notes"), "rhythm": _("How often"), "due_days_before": _("Due, days before the last day"),
        "practice": _("Practice asked for"), "id": _("Id"), "why": _("Why"), "item": _("Item"), "kind": _("Kind"),
    }  # fmt: skip
    rows = list(errors)
    told = {"yaml", "file"}  # each mistake in a file is a sentence of its own
    summary = [
        (error.field, error.message if error.field in told else _("%(field)s: %(message)s") % {
            "field": labels.get(error.field.partition("-")[0], error.field), "message": error.message})
        for error in rows
    ]  # fmt: skip
    return {"errors": summary, "err": {error.field: error.message for error in reversed(rows)}}


def base_of(form: Form) -> int:
    """The version a form was opened on; 0 where a browser did not say."""
    sent = said(form, "base")
    return int(sent) if len(sent) < 10 and sent.isascii() and sent.isdecimal() else 0


def save(
    request: Request[Any, Any, Any], session: Session, template_id: str, form: Form,
    change: Callable[[Template], Template], again: Callable[..., Response[str]], place: str = "",
) -> Response[Any]:  # fmt: skip
    """Save a change and lead to the template; refused, show the form `again` with what was typed."""
    try:
        saved = change_template(
            session, reader_of(request), template_id, base_of(form), change, said(form, "why")
        )
    except Mistaken as mistaken:
        session.rollback()
        return again(status=422, errors=field_errors(mistaken))
    except Invalid as invalid:
        session.rollback()
        return again(status=422, errors=invalid.errors)
    except Conflict as conflict:
        session.rollback()
        return again(status=409, conflict=conflict.message)
    return go(request, f"/admin/templates/{template_id}{place}", flash="saved" if saved else "unchanged")

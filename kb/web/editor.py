"""The editor's page: what its fields hold, whether they come from a note, an address or a form that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.annotations.corrections import to_take_up
from kb.annotations.models import Annotation
from kb.checklists.models import Importance, Item, Slot
from kb.checklists.queries import items_of
from kb.errors import Invalid
from kb.handovers.models import Handover
from kb.i18n import LOCALE_NAMES, LOCALES
from kb.notes.kinds import HEADINGS, starting_body
from kb.notes.models import Kind, Note, NoteStatus
from kb.notes.rendering import as_saved, covered_slots, rendered, with_links
from kb.rehearsals.becoming import beginning
from kb.web.draft_offers import desk_of
from kb.web.forms import Form, lists
from kb.web.guarding import warned, words_stored
from kb.web.note_view import Asked, Fields
from kb.web.pages import page
from kb.web.sessions import reader_of

TEXTS = (
    "title",
    "body",
    "kind",
    "purpose",
    "importance",
    "tags",
    "language",
    "status",
    "owner",
    "base_revision",
    "draft_place",
    "draft_version",
    "check_by",
    "reason",
    "minor",
    "accept_secrets",
)


@dataclass(frozen=True)
class Editor:
    """One editor: of a note that is there, or of a new one."""

    handover: Handover
    note: Note | None
    values: Mapping[str, Any]  # TEXTS as texts, items as a list of ids
    slots: tuple[Slot, ...] = ()  # what a new note was asked to cover
    errors: list[tuple[str, str]] = field(default_factory=list)
    conflict: Any = None  # kb.web.conflict.Clash
    preview: bool = False
    guarded: bool = False  # refused as it looks like it holds a secret

    @property
    def address(self) -> str:
        """Where the form is sent."""
        return f"/notes/{self.note.id}/edit" if self.note else f"/handovers/{self.handover.id}/notes"


def typed(form: Form) -> dict[str, Any]:
    """A form's fields as the services take them; of a field sent twice the later one counts."""
    values: dict[str, Any] = {"items": [one for one in lists(form, "items")["items"] if isinstance(one, str)]}
    for name in TEXTS:
        if name in form:
            value = form[name][-1] if isinstance(form[name], list) else form[name]
            values[name] = value if isinstance(value, str) else ""
    return values


def of_note(note: Note) -> dict[str, Any]:
    """The fields of a note as its form holds them."""
    return {
        "title": note.title, "body": note.body, "kind": note.kind, "purpose": note.purpose,
        "importance": note.importance, "tags": ", ".join(note.tags), "language": note.language,
        "status": note.status, "owner": note.owner.email if note.owner else "",
        "check_by": note.check_by.isoformat() if note.check_by else "",
        "base_revision": str(note.revision), "items": [item.id for item in note.items],
    }  # fmt: skip


def of_address(
    request: Asked, session: Session, handover: Handover, item: Item | None
) -> tuple[dict[str, Any], tuple[Slot, ...]]:
    """A new note's fields as its address asks for them; what is unknown there is left at its usual value."""
    query = request.query_params
    usual = str(item.kinds[0]) if item and item.kinds else Kind.PROCEDURE
    kind = Kind(query["kind"]) if query.get("kind") in set(Kind) else Kind(usual)
    slots = tuple(Slot(slot) for slot in query.getall("slot", []) if slot in set(Slot))
    values = {
        "title": query.get("title", ""), "body": starting_body(kind, handover.language, slots), "kind": str(kind),
        "purpose": "", "importance": item.importance if item else str(Importance.NORMAL), "tags": "",
        "language": handover.language, "status": str(NoteStatus.DRAFT), "owner": reader_of(request).email,
        "items": [item.id] if item else [],
    }  # fmt: skip
    out_of = beginning(session, handover.id, query.get("out_of", ""), kind, handover.language)
    if out_of:  # a problem met in practice or in a demonstration
        begun = {"title": out_of.title, "body": out_of.body, "draft_place": out_of.place}
        values |= begun | {"items": list(out_of.items)}
    return values, slots


def is_untouched(body: str) -> bool:
    """Whether a body holds nothing but the headings a new note opens with."""
    lines = [line for line in body.splitlines() if line.strip()]
    known = {
        f"## {title}"
        for by_language in HEADINGS.values()
        for titles in by_language.values()
        for title in titles
    }
    return all(line in known for line in lines)


def preview_of(session: Session, identity: Identity, body: str, handover_id: Any) -> tuple[str, bool]:
    """How a text will read, and whether it was too much to be set; links are followed where the reader is a member."""
    made = rendered(session, as_saved(body))
    if not identity.roles_in(handover_id if isinstance(handover_id, str) else None):
        return made.html, made.truncated
    return with_links(session, handover_id, made.html, drafts_of=identity.user_id), made.truncated


def fills_of(session: Session, values: Mapping[str, Any]) -> list[Slot]:
    """The slots a text that is being written would fill."""
    kind = Kind(values["kind"]) if values.get("kind") in set(Kind) else Kind.PROCEDURE
    made = rendered(session, as_saved(str(values.get("body", ""))))
    return [found.slot for found in covered_slots(kind, made)]


def editor_page(request: Asked, session: Session, editor: Editor, *, status: int = 200) -> Response[str]:
    """The editor with the handover's checklist and people to choose from."""
    items = list(session.scalars(items_of(editor.handover.id)))
    chosen = set(editor.values.get("items", ()))
    modules: dict[str, list[Item]] = {}
    for item in items:
        modules.setdefault(item.module.title, []).append(item)
    people = {membership.user.email: membership.user.name for membership in editor.handover.memberships}
    if editor.note and editor.note.owner:
        people.setdefault(editor.note.owner.email, editor.note.owner.name)
    shown, truncated = "", False
    if editor.preview:
        body = str(editor.values.get("body", ""))
        shown, truncated = preview_of(session, reader_of(request), body, editor.handover.id)
    return page(
        request, "notes/editor.html", status=status, html=shown, truncated=truncated, editor=editor,
        fills=fills_of(session, editor.values) if editor.preview else [],
        values=_complete(editor.values), errors=editor.errors, wrong=Fields(editor.errors),
        drafts=desk_of(request, session, editor), guarded=editor.guarded,
        secrets=warned(editor.values, words_stored(editor.note)),
        correction=_beside(request, session, editor.note), chosen=chosen, modules=modules,
        people=sorted(people.items(), key=lambda pair: pair[1]),
        languages=[(locale, LOCALE_NAMES[locale]) for locale in LOCALES],
    )  # fmt: skip


def _beside(request: Asked, session: Session, note: Note | None) -> Annotation | None:
    """The correction that is put in by hand, shown beside the text."""
    return to_take_up(session, note.id, request.query_params.get("correction", "")) if note else None


def _complete(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, so that a form in which one is missing can be shown again too."""
    usual = dict.fromkeys(TEXTS, "") | {"kind": "procedure", "importance": "normal", "status": "draft"}
    return {**usual, "items": [], **values}


def refused(editor: Editor, why: Invalid) -> Editor:
    """The same editor saying what must be mended."""
    errors = [(error.field, error.message) for error in why.errors]
    guarded = "secrets" in why.extra
    return Editor(editor.handover, editor.note, editor.values, editor.slots, errors, guarded=guarded)

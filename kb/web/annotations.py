"""Remarks on passages: pieces of the margin for scripts, plain forms that lead back to the note without them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.anchoring import as_it_stands
from kb.annotations.models import Annotation, AnnotationKind
from kb.annotations.queries import get_annotation
from kb.annotations.services import attach, change_annotation, create_annotation, reply
from kb.errors import Conflict, Invalid
from kb.gate.guards import allow
from kb.i18n import _
from kb.notes.queries import get_note, note_facts
from kb.notes.rendering import rendered
from kb.web.forms import Form, read_form
from kb.web.margin_view import View
from kb.web.note_view import Asked, note_page
from kb.web.pages import go, is_fragment, page
from kb.web.remarks import margin_of, view_with
from kb.web.sessions import reader_of

_FORM = {"form": Provide(read_form)}
FIELDS = (
    "kind", "body", "replacement", "take_away", "exact", "prefix", "suffix", "start", "revision", "accept_secrets",
)  # fmt: skip
SAID = ("body", "accept_secrets")
PLACE = ("exact", "prefix", "suffix", "start", "revision")
ON_REMARK = [allow(Permission.ANNOTATE, "annotation_id")]


@post(
    "/notes/{note_id:str}/annotations", guards=[allow(Permission.ANNOTATE, "note_id")], dependencies=_FORM,
    sync_to_thread=True, status_code=200,
)  # fmt: skip
def remark(
    request: Asked, session: NamedDependency[Session], note_id: FromPath[str], form: NamedDependency[Form]
) -> Response[Any]:
    """Say something about a passage."""
    values = {name: value for name in FIELDS if isinstance(value := form.get(name, ""), str)}
    try:
        made = _create(request, session, note_id, values)
    except (Conflict, Invalid) as refused:
        session.rollback()
        return _refused(request, session, note_id, values, refused)
    return _answer(request, session, made, made=True)


def _create(request: Asked, session: Session, note_id: str, values: dict[str, str]) -> Annotation:
    """Words pasted by hand are found even where their line breaks and spaces came out differently."""
    said: dict[str, Any] = {**values, "replacement": _replacement(values)}
    try:
        return create_annotation(session, reader_of(request), note_id, said)
    except Invalid as refused:
        if {error.field for error in refused.errors} != {"target"} or values.get("start"):
            raise
        exact = _as_it_stands(session, note_id, values["exact"])
        if exact is None:
            raise
        return create_annotation(
            session, reader_of(request), note_id, {**said, "exact": exact, "revision": ""}
        )


def _replacement(values: dict[str, str]) -> str | None:
    """The words proposed; a form always sends the field, so that they shall go is said by a field of its own."""
    if values.get("kind") != AnnotationKind.CORRECTION:  # the form hides that field, and filled it by itself
        return None
    words = values.get("replacement", "")
    return words if words.strip() or values.get("take_away") else None


def _as_it_stands(session: Session, note_id: str, pasted: str) -> str | None:
    note = get_note(session, note_id)
    return as_it_stands(rendered(session, note.body, note.body_sha256).text, pasted)


def _refused(
    request: Asked, session: Session, note_id: str, values: dict[str, str], refused: Conflict | Invalid
) -> Response[str]:
    errors, secret = _errors(refused), "secrets" in refused.extra
    if isinstance(refused, Conflict):  # what was typed stays; its place is chosen again, on the text as it is
        values = values | dict.fromkeys(("prefix", "suffix", "start", "revision"), "")
    if not is_fragment(request):
        told = errors | ({"guarded": "1"} if secret else {})
        return note_page(request, session, note_id, status=refused.status, values=values, errors=told)
    handover_id = note_facts(session, note_id).handover_id or ""
    margin = margin_of(
        session, note_id, handover_id, View.of(request.query_params), reader=reader_of(request),
        error=" ".join(errors.values()), guarded=secret,
    )  # fmt: skip
    return page(request, "notes/_remarks.html", status=refused.status, margin=margin)


def _errors(refused: Conflict | Invalid) -> dict[str, str]:
    """By the form's fields."""
    if isinstance(refused, Conflict):
        return {"exact": refused.message}
    fields = {"target": "exact", "exact": "exact"}
    return {fields.get(error.field, "body"): error.message for error in refused.errors}


@get(
    "/annotations/{annotation_id:str}",
    guards=[allow(Permission.NOTE_READ, "annotation_id")],
    sync_to_thread=True,
)
def find_remark(
    request: Asked, session: NamedDependency[Session], annotation_id: FromPath[str]
) -> Response[None]:
    """Lead to a remark, wherever in the margin it stands."""
    found = get_annotation(session, annotation_id)
    return go(request, f"/notes/{found.note_id}{view_with(session, found).query()}#a-{found.id}")


@post(
    "/annotations/{annotation_id:str}/replies", guards=ON_REMARK, dependencies=_FORM, sync_to_thread=True,
    status_code=200,
)  # fmt: skip
def reply_to_remark(
    request: Asked,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Answer a remark."""
    return _change(request, session, annotation_id, form, SAID, reply)


@post(
    "/annotations/{annotation_id:str}/state", guards=ON_REMARK, dependencies=_FORM, sync_to_thread=True,
    status_code=200,
)  # fmt: skip
def settle_remark(
    request: Asked,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Resolve a remark, or open it again."""
    return _change(request, session, annotation_id, form, ("state",), change_annotation)


@post(
    "/annotations/{annotation_id:str}/edit", guards=ON_REMARK, dependencies=_FORM, sync_to_thread=True,
    status_code=200,
)  # fmt: skip
def edit_remark(
    request: Asked,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Change one's own words."""
    return _change(request, session, annotation_id, form, SAID, change_annotation)


@post(
    "/annotations/{annotation_id:str}/anchor", guards=ON_REMARK, dependencies=_FORM, sync_to_thread=True,
    status_code=200,
)  # fmt: skip
def attach_remark(
    request: Asked,
    session: NamedDependency[Session],
    annotation_id: FromPath[str],
    form: NamedDependency[Form],
) -> Response[Any]:
    """Say where a remark's passage stands now, or that it is still this one."""
    return _change(request, session, annotation_id, form, PLACE, attach)


def _change(
    request: Asked, session: Session, annotation_id: str, form: Form, fields: tuple[str, ...], service: Any
) -> Response[Any]:
    data = {name: form.get(name, "") for name in fields}
    where = request.url.path.rpartition("/")[2]
    try:
        changed: Annotation = service(session, reader_of(request), annotation_id, data)
    except (Conflict, Invalid) as refused:
        session.rollback()
        found = get_annotation(session, annotation_id)
        typed = str(data.get("body", data.get("exact", "")))
        guarded, status = "secrets" in refused.extra, refused.status
        return _answer(
            request,
            session,
            found,
            error=refused.message,
            status=status,
            typed=(where, typed),
            guarded=guarded,
        )
    return _answer(request, session, changed, told=_told(where, changed))


def _told(where: str, changed: Annotation) -> str:
    """What happened, for those who do not see it."""
    if where == "state":
        return _("Resolved.") if changed.resolved_at else _("Open again.")
    known = {"replies": _("Your reply is saved."), "anchor": _("The remark stands on this passage.")}
    return known.get(where, _("Saved."))


def _answer(
    request: Asked, session: Session, one: Annotation, *, made: bool = False, error: str | None = None,
    status: int = 200, typed: tuple[str, str] = ("", ""), told: str = "", guarded: bool = False,
) -> Response[Any]:  # fmt: skip
    """The margin for scripts; without them back to the remark, or a page that says what was wrong."""
    if not is_fragment(request):
        if error:
            return page(
                request,
                "notes/remark_refused.html",
                status=status,
                message=error,
                typed=typed,
                remark=one,
                guarded=guarded,
            )
        address = f"/notes/{one.note_id}{view_with(session, one).query()}#a-{one.id}"
        return go(request, address, flash="remark-attached" if request.url.path.endswith("/anchor") else None)
    handover_id = note_facts(session, one.note_id).handover_id or ""
    margin = margin_of(
        session, one.note_id, handover_id, View.of(request.query_params), reader=reader_of(request), changed=one.id,
        made=made, error=error, guarded=guarded, typed=typed, told=_("The remark is saved.") if made else told,
    )  # fmt: skip
    return page(request, "notes/_remarks.html", status=status, margin=margin)


HANDLERS: list[Any] = [remark, find_remark, reply_to_remark, settle_remark, edit_remark, attach_remark]

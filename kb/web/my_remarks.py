"""A person's own list of remarks, and the margin of a note alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from kb.access.permissions import Permission
from kb.annotations.concerning import WAYS, Sort, concerning, remarks_with_notes, sorts_concerning
from kb.annotations.models import Annotation, AnnotationKind, AnnotationState
from kb.gate.guards import allow, signed_in
from kb.notes.queries import note_facts
from kb.web.margin_view import View
from kb.web.pages import go, is_fragment, page
from kb.web.remarks import language_of, margin_of
from kb.web.sessions import reader_of

Asked = Request[Any, Any, Any]
PER_PAGE = 25
_STATES, _KINDS = tuple(map(str, AnnotationState)), tuple(map(str, AnnotationKind))


@dataclass(frozen=True)
class Choice:
    """Which of one's remarks are listed; empty: all of them, open ones first."""

    way: str = ""
    state: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Any) -> Choice:
        """From an address's query; what cannot be read was not asked for."""
        known = (("way", WAYS), ("state", _STATES), ("kind", _KINDS))
        chosen = {name: value for name, values in known if (value := query.get(name)) in values}
        number = query.get("page", "1")
        whole = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
        return cls(**chosen, page=max(1, whole))

    def href(self, **changes: Any) -> str:
        """The address of another choice beside this one."""
        other = replace(self, **({"page": 1} | changes))
        pairs = [("way", other.way), ("state", other.state), ("kind", other.kind)]
        said = [pair for pair in pairs if pair[1]] + ([("page", str(other.page))] if other.page > 1 else [])
        return "/remarks" + (f"?{urlencode(said)}" if said else "")


def _numbers(sorts: Iterable[Sort], chosen: Choice) -> dict[str, Counter[str]]:
    """How many each choice of one filter would show while the others stay; "shown": this one."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("way", "state", "kind", "shown", "all")}
    for one in sorts:
        ways = [name for name in WAYS if getattr(one, name)]
        way = not chosen.way or chosen.way in ways
        state = not chosen.state or chosen.state == one.state
        kind = not chosen.kind or chosen.kind == one.kind
        found["all"][""] += one.number
        if state and kind:
            found["way"].update(dict.fromkeys(("", *ways), one.number))
        if way and kind:
            found["state"].update({"": one.number, one.state: one.number})
        if way and state:
            found["kind"].update({"": one.number, one.kind: one.number})
        if way and state and kind:
            found["shown"][""] += one.number
    return found


@get("/remarks", guards=[signed_in], sync_to_thread=True)
def my_remarks(request: Asked, session: NamedDependency[Session]) -> Response[str]:
    """What I said, what was answered, what is asked of me."""
    identity, chosen = reader_of(request), Choice.of(request.query_params)
    numbers = _numbers(sorts_concerning(session, identity), chosen)
    pages = max(1, -(-numbers["shown"][""] // PER_PAGE))
    chosen = replace(chosen, page=min(chosen.page, pages))
    query = concerning(identity, chosen.way, chosen.state, chosen.kind)
    ids = session.scalars(query.limit(PER_PAGE).offset((chosen.page - 1) * PER_PAGE))
    found = remarks_with_notes(session, ids)
    return page(
        request, "remarks/mine.html", chosen=chosen, numbers=numbers, pages=pages,
        remarks=[_line(one, identity.user_id) for one in found],
    )  # fmt: skip


def _line(one: Annotation, reader_id: str) -> dict[str, Any]:
    """A remark with the last word that somebody else had under it."""
    mine = one.author_id == reader_id
    others = [reply for reply in one.replies if reply.author_id != reader_id]
    answer = others[-1] if mine and others else None
    return {
        "one": one, "mine": mine, "language": language_of(one.body), "answers": len(one.replies),
        "answer": answer, "answer_language": language_of(answer.body) if answer else "",
        "passage": one.anchor_exact or one.quote,
    }  # fmt: skip


@get("/notes/{note_id:str}/remarks", guards=[allow(Permission.NOTE_READ, "note_id")], sync_to_thread=True)
def margin_alone(request: Asked, session: NamedDependency[Session], note_id: FromPath[str]) -> Response[Any]:
    """The margin for scripts that change its filters; anybody else is led to the note."""
    view = View.of(request.query_params)
    if not is_fragment(request):
        return go(request, f"/notes/{note_id}{view.query(page=view.page)}#remarks")
    handover_id = note_facts(session, note_id).handover_id or ""
    margin = margin_of(session, note_id, handover_id, view, reader=reader_of(request))
    return page(request, "notes/_remarks.html", margin=margin)


HANDLERS: list[Any] = [my_remarks, margin_alone]

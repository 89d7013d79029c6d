"""interface.md, "Rights", written out: every call of the API, who may make it, and what it answers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kb.access.roles import Role
from kb.ids import new_id
from tests.support.api import File, World
from tests.support.signing import certificate_call

MEMBERS = frozenset(map(str, Role))
WRITERS = MEMBERS - {"viewer"}
OUTSIDERS = frozenset({"stranger", "admin"})
EVERYONE = MEMBERS | OUTSIDERS
Made = tuple[str, Any]  # path below /api/v1, body


@dataclass(frozen=True)
class Row:
    """Who is allowed and what they are answered; `hidden` others get 404, the rest 403, without a token 401."""

    allowed: frozenset[str]
    status: int
    make: Callable[[World], Made]
    hidden: frozenset[str] = OUTSIDERS


def _at(path: str, body: Any = None) -> Callable[[World], Made]:
    """A call on the handover itself, or on nothing in particular."""
    return lambda world: (path.format(handover=world.handover, viewer=world.viewer.email), body)


def _item(body: Any = None) -> Callable[[World], Made]:
    return lambda world: (f"/items/{world.item()['id']}", body)


def _slot(world: World) -> Made:
    """A reason why a slot need not be filled."""
    return f"/items/{world.item()['id']}/slots/steps", {"waived_because": "The old system is switched off."}


def _note(path: str, body: Any = None) -> Callable[[World], Made]:
    """A call on a published note the manager wrote."""
    return lambda world: (path.format(note=world.note()["id"]), body)


def _binned(world: World) -> Made:
    note = world.note()["id"]
    assert world.manager("DELETE", f"/notes/{note}").status_code == 204
    return f"/notes/{note}/restore", None


MARK = {"kind": "comment", "body": "Really?", "target": {"quote": {"exact": "Check the order"}}}


def _annotation(path: str, body: Any = None) -> Callable[[World], Made]:
    """A call on a remark the manager made."""

    def make(world: World) -> Made:
        made = world.manager.post(f"/notes/{world.note()['id']}/annotations", MARK)
        return path.format(annotation=made["id"]), body

    return make


def _correction(world: World) -> Made:
    """Taking up a correction the manager proposed."""
    mark = MARK | {"kind": "correction", "replacement": "Look at the order"}
    made = world.manager.post(f"/notes/{world.note()['id']}/annotations", mark)
    return f"/annotations/{made['id']}/accept", None


def _attachment(world: World) -> Made:
    """A call on a file the manager put to a note."""
    made = world.manager.post(f"/notes/{world.note()['id']}/attachments", File())
    return f"/attachments/{made['id']}", None


ENTRY = {"kind": "account", "name": "Back office", "holder": "Somebody"}


def _entry(body: Any = None) -> Callable[[World], Made]:
    """A call on a register entry the manager made."""
    return lambda world: (f"/register/{world.entry()['id']}", body)


SESSION = {"kind": "review", "held_at": "2031-01-01T10:00:00+08:00"}
RUN = {"level": "observed", "outcome": "passed", "feedback": "Watched."}


def _session(body: Any = None) -> Callable[[World], Made]:
    """A call on a meeting the manager planned."""

    def make(world: World) -> Made:
        made = world.manager.post(f"/handovers/{world.handover}/sessions", SESSION)
        return f"/sessions/{made['id']}", body

    return make


def _runs(world: World) -> Made:
    return f"/items/{world.item()['id']}/practice-runs", RUN


def _run(world: World) -> Made:
    path, body = _runs(world)
    return f"/practice-runs/{world.manager.post(path, body)['id']}", None


def _new_user(_world: World) -> Made:
    return "/users", {"email": f"{new_id()}@example.com", "name": "New"}


def _handover(world: World) -> Made:
    body = {"title": "T", "position": "P", "leaver": world.leaver.email, "last_day": "2031-01-01"}
    return "/handovers", body


def _members(world: World) -> Made:
    roles = [*sorted(MEMBERS)]
    return f"/handovers/{world.handover}/members", [
        {"email": world.callers[r].email, "role": r} for r in roles
    ]


def _join(world: World) -> Made:
    return f"/handovers/{world.handover}/join", None


def _words() -> dict[str, Any]:
    """A term and a synonym nobody has used yet."""
    return {"term": new_id(), "synonyms": [new_id()]}


def _glossary_group(changed: bool = False) -> Callable[[World], Made]:
    """A call on words the manager added."""

    def make(world: World) -> Made:
        made = world.manager.post("/glossary", _words())
        return f"/glossary/{made['id']}", _words() if changed else None

    return make


def _job(world: World) -> Made:
    return f"/jobs/{world.job()}", None


ITEM = {"module": "M", "title": "T", "importance": "low"}
NOTE = {"kind": "case", "title": "T", "body": "B"}
MARKDOWN = File("a.md", b"# A\n\nB\n")
NOBODY: frozenset[str] = frozenset()
LEADERS = frozenset({"leaver", "manager"})
EDITORS = frozenset({"leaver", "manager", "successor"})
MANAGER = frozenset({"manager"})
ADMIN = frozenset({"admin"})
OWNERS = frozenset({"manager", "admin"})  # of what the manager added

RIGHTS: dict[str, Row] = {
    "GET /me": Row(EVERYONE, 200, _at("/me")),
    "POST /me/tokens": Row(EVERYONE, 201, _at("/me/tokens")),
    "POST /users": Row(ADMIN, 201, _new_user, NOBODY),
    "POST /users/{email}/tokens": Row(ADMIN, 201, _at("/users/{viewer}/tokens"), NOBODY),
    "GET /templates": Row(EVERYONE, 200, _at("/templates")),
    "GET /handovers": Row(EVERYONE, 200, _at("/handovers")),
    "POST /handovers": Row(EVERYONE, 201, _handover),
    "GET /handovers/{handover_id}": Row(MEMBERS, 200, _at("/handovers/{handover}")),
    "PATCH /handovers/{handover_id}": Row(MANAGER, 200, _at("/handovers/{handover}", {"department": "D"})),
    "PUT /handovers/{handover_id}/members": Row(MANAGER, 200, _members),
    "POST /handovers/{handover_id}/join": Row(ADMIN, 201, _join, frozenset({"stranger"})),
    "GET /handovers/{handover_id}/items": Row(MEMBERS, 200, _at("/handovers/{handover}/items")),
    "GET /handovers/{handover_id}/coverage": Row(MEMBERS, 200, _at("/handovers/{handover}/coverage")),
    "POST /handovers/{handover_id}/items": Row(LEADERS, 201, _at("/handovers/{handover}/items", ITEM)),
    "GET /items/{item_id}": Row(MEMBERS, 200, _item()),
    "PATCH /items/{item_id}": Row(EDITORS, 200, _item({"state": "documented"})),
    "PUT /items/{item_id}/slots/{slot}": Row(EDITORS, 200, _slot),
    "DELETE /items/{item_id}": Row(LEADERS, 204, _item()),
    "GET /handovers/{handover_id}/notes": Row(MEMBERS, 200, _at("/handovers/{handover}/notes")),
    "POST /handovers/{handover_id}/notes": Row(WRITERS, 201, _at("/handovers/{handover}/notes", NOTE)),
    "GET /handovers/{handover_id}/bin": Row(MEMBERS, 200, _at("/handovers/{handover}/bin")),
    "GET /notes/{note_id}": Row(MEMBERS, 200, _note("/notes/{note}")),
    "PUT /notes/{note_id}": Row(EDITORS, 200, _note("/notes/{note}", {"title": "X", "base_revision": 1})),
    "POST /notes/{note_id}/check": Row(EDITORS, 200, _note("/notes/{note}/check", {"revision": 1})),
    "DELETE /notes/{note_id}": Row(LEADERS, 204, _note("/notes/{note}")),
    "POST /notes/{binned_note_id}/restore": Row(LEADERS, 200, _binned),
    "GET /notes/{note_id}/revisions": Row(MEMBERS, 200, _note("/notes/{note}/revisions")),
    "GET /notes/{note_id}/revisions/{number}": Row(MEMBERS, 200, _note("/notes/{note}/revisions/1")),
    "GET /notes/{note_id}/annotations": Row(MEMBERS, 200, _note("/notes/{note}/annotations")),
    "POST /notes/{note_id}/annotations": Row(MEMBERS, 201, _note("/notes/{note}/annotations", MARK)),
    "GET /notes/{note_id}/attachments": Row(MEMBERS, 200, _note("/notes/{note}/attachments")),
    "POST /notes/{note_id}/attachments": Row(EDITORS, 201, _note("/notes/{note}/attachments", File())),
    "GET /attachments/{attachment_id}": Row(MEMBERS, 200, _attachment),
    "DELETE /attachments/{attachment_id}": Row(EDITORS, 204, _attachment),
    "GET /annotations/{annotation_id}": Row(MEMBERS, 200, _annotation("/annotations/{annotation}")),
    "PATCH /annotations/{annotation_id}": Row(
        WRITERS, 200, _annotation("/annotations/{annotation}", {"state": "resolved"})
    ),
    "POST /annotations/{annotation_id}/replies": Row(
        MEMBERS, 201, _annotation("/annotations/{annotation}/replies", {"body": "Yes."})
    ),
    "PUT /annotations/{annotation_id}/anchor": Row(
        WRITERS, 200, _annotation("/annotations/{annotation}/anchor", {"target": MARK["target"]})
    ),
    "POST /annotations/{correction_id}/accept": Row(EDITORS, 200, _correction),
    "GET /handovers/{handover_id}/register": Row(MEMBERS, 200, _at("/handovers/{handover}/register")),
    "POST /handovers/{handover_id}/register": Row(LEADERS, 201, _at("/handovers/{handover}/register", ENTRY)),
    "GET /register/{entry_id}": Row(MEMBERS, 200, _entry()),
    "PATCH /register/{entry_id}": Row(EDITORS, 200, _entry({"state": "shared"})),
    "DELETE /register/{entry_id}": Row(LEADERS, 204, _entry()),
    "GET /handovers/{handover_id}/search-gaps": Row(LEADERS, 200, _at("/handovers/{handover}/search-gaps")),
    "GET /handovers/{handover_id}/sessions": Row(MEMBERS, 200, _at("/handovers/{handover}/sessions")),
    "POST /handovers/{handover_id}/sessions": Row(
        WRITERS, 201, _at("/handovers/{handover}/sessions", SESSION)
    ),
    "GET /sessions/{meeting_id}": Row(MEMBERS, 200, _session()),
    "PATCH /sessions/{meeting_id}": Row(WRITERS, 200, _session({"minutes": "Agreed."})),
    "DELETE /sessions/{meeting_id}": Row(WRITERS, 204, _session()),
    "GET /items/{item_id}/practice-runs": Row(MEMBERS, 200, _runs),
    "POST /items/{item_id}/practice-runs": Row(WRITERS, 201, _runs),
    "GET /practice-runs/{run_id}": Row(MEMBERS, 200, _run),
    "DELETE /practice-runs/{run_id}": Row(MANAGER, 204, _run),
    "GET /handovers/{handover_id}/signoff": Row(MEMBERS, 200, _at("/handovers/{handover}/signoff")),
    # Allowed, and then asked for a password that the people of these tests do not have.
    "POST /handovers/{handover_id}/signoff": Row(
        EDITORS, 422, _at("/handovers/{handover}/signoff", {"reservations": ["Open"]})
    ),
    "POST /handovers/{handover_id}/signoff/anew": Row(
        MANAGER, 409, _at("/handovers/{handover}/signoff/anew")
    ),
    "GET /handovers/{handover_id}/signoff/certificate.json": Row(MEMBERS, 200, certificate_call("json")),
    "GET /handovers/{handover_id}/signoff/certificate.pdf": Row(MEMBERS, 200, certificate_call("pdf")),
    "GET /handovers/{handover_id}/export": Row(MEMBERS, 200, _at("/handovers/{handover}/export")),
    "POST /handovers/{handover_id}/import": Row(WRITERS, 201, _at("/handovers/{handover}/import", MARKDOWN)),
    "GET /jobs/{job_id}": Row(MANAGER, 200, _job, EVERYONE - MANAGER),
    "GET /search": Row(EVERYONE, 200, _at("/search?q=refunds")),
    "GET /glossary": Row(EVERYONE, 200, _at("/glossary")),
    "POST /glossary": Row(EVERYONE, 201, lambda _world: ("/glossary", _words())),
    "GET /glossary/{glossary_id}": Row(EVERYONE, 200, _glossary_group(), NOBODY),
    "PATCH /glossary/{glossary_id}": Row(OWNERS, 200, _glossary_group(changed=True), NOBODY),
    "DELETE /glossary/{glossary_id}": Row(OWNERS, 204, _glossary_group(), NOBODY),
    "GET /suggest": Row(EVERYONE, 200, _at("/suggest?q=refunds")),
}
# Open to strangers on purpose.
OPEN = {"GET /openapi.json", "GET /docs"}
# The address carries its own token: calendar programs cannot sign in.
BY_ADDRESS = {"GET /handovers/{handover_id}/calendar.ics"}

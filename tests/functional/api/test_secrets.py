"""Text that looks like a secret is stopped before it is saved, and may be saved all the same (reliability R20)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from kb.activity.models import Event
from tests.support.api import World

SECRET = "Rx7!kq92Lm"
BODY = f"## Access\n\nOpen the shop.\n\npassword: {SECRET}\n"
CHINESE = f"## 步骤\n\n后台密码：{SECRET}\n"


def events(world: World, object_id: str) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded of an object, in order."""
    with world.session() as session:
        rows = session.scalars(select(Event).where(Event.object_id == object_id).order_by(Event.id))
        return [(row.action, row.details) for row in rows]


def accepted(world: World, object_id: str) -> list[dict[str, Any]]:
    return [details for action, details in events(world, object_id) if action.endswith(".secrets_accepted")]


@pytest.mark.parametrize(("body", "line"), [(BODY, 5), (CHINESE, 3)])
def test_a_new_note_with_a_secret_is_refused(world: World, body: str, line: int):
    sent = {"kind": "procedure", "title": "Access", "body": body}
    answer = world.manager("POST", f"/handovers/{world.handover}/notes", sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["secrets"] == [{"line": line, "kind": "password"}]
    assert [error["field"] for error in problem["errors"]] == ["body"]
    assert f"line {line}" in problem["errors"][0]["message"]
    assert SECRET not in answer.text
    assert world.manager.get(f"/handovers/{world.handover}/notes")["total"] == 0


def test_it_is_saved_all_the_same_and_recorded_without_its_words(world: World):
    note = world.note(body=BODY, accept_secrets=True)
    assert note["body"] == BODY
    assert accepted(world, note["id"]) == [{"secrets": [{"line": 5, "kind": "password"}]}]
    assert SECRET not in str(events(world, note["id"]))


def test_saying_so_without_need_records_nothing(world: World):
    assert accepted(world, world.note(accept_secrets=True)["id"]) == []


def test_an_edit_that_brings_a_secret_is_refused_and_the_note_stays(world: World):
    note = world.note()
    path = f"/notes/{note['id']}"
    sent = {"body": note["body"] + BODY, "base_revision": 1}
    answer = world.manager("PUT", path, sent)
    assert (answer.status_code, len(answer.json()["secrets"])) == (422, 1)
    assert world.manager.get(path) == note
    saved = world.manager("PUT", path, sent | {"accept_secrets": True})
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    assert len(accepted(world, note["id"])) == 1


def test_what_was_accepted_does_not_stop_later_saves(world: World):
    note = world.note(body=BODY, accept_secrets=True)
    path = f"/notes/{note['id']}"
    moved = "One more line above.\n\n" + BODY
    assert world.manager("PUT", path, {"body": moved, "base_revision": 1}).status_code == 200
    assert len(accepted(world, note["id"])) == 1
    another = moved + "\npassword: Zz81-paQq7\n"
    answer = world.manager("PUT", path, {"body": another, "base_revision": 2})
    assert (answer.status_code, answer.json()["secrets"]) == (422, [{"line": 9, "kind": "password"}])
    changed = moved.replace(SECRET, "Kp3#vv71Xy")
    assert world.manager("PUT", path, {"body": changed, "base_revision": 2}).status_code == 422


def test_a_secret_that_was_taken_out_does_not_come_back_unasked(world: World):
    note = world.note(body=BODY, accept_secrets=True)
    path = f"/notes/{note['id']}"
    assert world.manager("PUT", path, {"body": "Gone.\n", "base_revision": 1}).status_code == 200
    assert world.manager("PUT", path, {"body": BODY, "base_revision": 2}).status_code == 422


@pytest.mark.parametrize("field", ["title", "purpose", "reason"])
def test_other_fields_are_looked_at_too(world: World, field: str):
    note = world.note()
    sent = {field: f"password: {SECRET}", "importance": "low", "base_revision": 1}
    answer = world.manager("PUT", f"/notes/{note['id']}", sent)
    assert answer.status_code == 422
    assert answer.json()["secrets"] == [{"line": 1, "kind": "password", "field": field}]
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert SECRET not in answer.text
    assert world.manager("PUT", f"/notes/{note['id']}", sent | {"accept_secrets": True}).status_code == 200


def test_a_stale_base_is_told_before_secrets(world: World):
    note = world.note()
    world.manager("PUT", f"/notes/{note['id']}", {"body": "Other.\n", "base_revision": 1})
    answer = world.manager("PUT", f"/notes/{note['id']}", {"body": BODY, "base_revision": 1})
    assert answer.status_code == 409


def test_a_reference_to_the_vault_is_no_secret(world: World):
    english = world.note(body="password: ‹see vault: payments/erp-admin›\n\nvault: payments/erp-admin\n")
    chinese = world.note(body="密码：‹见密码库：payments/erp-admin›\n\n密码库：payments/erp-admin\n")
    assert english["revision"] == chinese["revision"] == 1


def test_remarks_and_replies_are_looked_at(world: World):
    path = f"/notes/{world.note()['id']}/annotations"
    target = {"quote": {"exact": "Check"}}
    remark = {"kind": "comment", "body": f"the password is {SECRET}", "target": target}
    correction = {"kind": "correction", "replacement": f"password: {SECRET}", "target": target}
    for sent in (remark, correction):
        refused = world.viewer("POST", path, sent)
        assert (refused.status_code, SECRET in refused.text) == (422, False)
        assert refused.json()["secrets"][0]["kind"] == "password"
        made = world.viewer.post(path, sent | {"accept_secrets": True})
        assert len(accepted(world, made["id"])) == 1
    replies = f"/annotations/{made['id']}/replies"
    assert world.viewer("POST", replies, {"body": remark["body"]}).status_code == 422
    assert world.viewer("POST", replies, {"body": remark["body"], "accept_secrets": True}).status_code == 201
    own = f"/annotations/{made['id']}"
    assert world.viewer("PATCH", own, {"body": "password: Zz81-paQq7"}).status_code == 422
    kept = {"body": "password: Zz81-paQq7", "accept_secrets": True}
    assert world.viewer("PATCH", own, kept).status_code == 200
    assert len(accepted(world, made["id"])) == 3
    assert SECRET not in str(events(world, made["id"]))


def test_nothing_of_it_is_in_the_log(world: World, capfd: pytest.CaptureFixture[str]):
    sent = {"kind": "procedure", "title": "Access", "body": BODY}
    world.manager("POST", f"/handovers/{world.handover}/notes", sent)
    world.note(body=BODY, accept_secrets=True)
    told = capfd.readouterr()
    assert SECRET not in told.out + told.err

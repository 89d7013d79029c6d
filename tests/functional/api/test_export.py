"""A handover goes out as a zip and comes back equal; what is in it is what the caller may read."""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from typing import Any

import pytest
import yaml

from tests.support.api import PATIENCE, Caller, File, World

BODY = "# Refunds\n\n## Steps\n\nOne, two: 退款。\n\n## Cautions\n\n---\n\nMind the “gap”.\n\n\n"
FIELDS = ("title", "kind", "body", "importance", "purpose", "language", "tags")


@pytest.fixture
def filled(world: World) -> World:
    item = world.item(
        title="退款审核", module="售后", slots=["steps", "cautions", "contacts"], importance="critical"
    )
    world.manager(
        "PUT", f"/items/{item['id']}/slots/contacts", {"waived_because": "Nobody outside is involved."}
    )
    note = world.note(
        by="leaver", title='Refunds: how/why "slow"?', body=BODY, kind="case", items=[item["id"]],
        tags=["退款", "yes"], purpose="So that nobody waits.", importance="high", language="zh-Hans",
    )  # fmt: skip
    pointed = {"note": note["id"], "heading": "Steps"}
    assert world.leaver("PUT", f"/items/{item['id']}/slots/steps", pointed).status_code == 200
    world.note(by="trainer", title="Only a draft", body="Not ready.", status="draft")
    world.note(title="CON", body="A name that Windows keeps for itself.")
    world.note(title="con", body="The same in small letters.")
    file = File("shot.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    world.leaver("POST", f"/notes/{note['id']}/attachments", file)
    entry = {"kind": "domain", "name": "shop.example.com", "holder": "Li Na", "expires_on": "2031-05-01"}
    world.leaver.post(f"/handovers/{world.handover}/register", entry)
    return world


def zip_of(caller: Caller, handover: str) -> zipfile.ZipFile:
    answer = caller("GET", f"/handovers/{handover}/export", params={"format": "zip"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    return zipfile.ZipFile(io.BytesIO(answer.content))


def as_read(caller: Caller, handover: str) -> list[dict[str, Any]]:
    listed = caller.get(f"/handovers/{handover}/notes")["items"]
    notes = [caller.get(f"/notes/{one['id']}") for one in listed]
    return sorted(({name: note[name] for name in FIELDS} for note in notes), key=lambda one: one["title"])


def test_the_zip_holds_what_the_interface_says(filled: World):
    archive = zip_of(filled.manager, filled.handover)
    names = archive.namelist()
    assert {"items.json", "register.json", "checksums.json", "handover.json"} <= set(names)
    assert len({name.casefold() for name in names}) == len(names)
    (name,) = [one for one in names if "why" in one]
    text = archive.read(name).decode()
    front, body = text.removeprefix("---\n").split("\n---\n\n", 1)
    facts = yaml.safe_load(front)
    assert body == BODY
    wanted = (
        "id title kind importance purpose tags language items revision sha256 author owner created updated"
    )
    assert set(wanted.split()) <= set(facts)
    assert facts["sha256"] == hashlib.sha256(BODY.encode()).hexdigest()
    assert (facts["items"], facts["tags"]) == (["退款审核"], ["退款", "yes"])
    assert not any(c in name.removeprefix("notes/") for c in '<>:"/\\|?*')
    sums = json.loads(archive.read("checksums.json"))
    assert set(sums) == set(names) - {"checksums.json"}
    assert all(hashlib.sha256(archive.read(one)).hexdigest() == sums[one] for one in sums)


def test_it_comes_back_equal_in_a_new_handover(filled: World):
    before = as_read(filled.manager, filled.handover)
    archive = zip_of(filled.manager, filled.handover)
    sent = {"title": "Again", "position": "Clerk", "leaver": filled.leaver.email, "last_day": "2031-01-31"}
    new = filled.manager.post("/handovers", sent)["id"]
    assert archive.fp is not None
    archive.fp.seek(0)
    answer = filled.manager("POST", f"/handovers/{new}/import", File("export.zip", archive.fp.read()))
    assert answer.status_code == 201, answer.text
    assert answer.json()["imported"] == len(before)
    assert answer.json()["skipped"] == []
    assert (answer.json()["items"], answer.json()["register"]) == (1, 1)
    assert as_read(filled.manager, new) == before

    def checklist(handover: str) -> list[tuple[Any, ...]]:
        items = filled.manager.get(f"/handovers/{handover}/coverage")["items"]
        slots = ("slot", "state", "heading", "reason")
        return [
            (one["title"], one["module"], [[slot.get(name) for name in slots] for slot in one["slots"]])
            for one in items
        ]

    assert checklist(new) == checklist(filled.handover)
    register = filled.manager.get(f"/handovers/{new}/register")["items"]
    assert [(one["kind"], one["name"], one["holder"], one["expires_on"]) for one in register] == [
        ("domain", "shop.example.com", "Li Na", "2031-05-01")
    ]
    noted = next(
        one for one in filled.manager.get(f"/handovers/{new}/notes")["items"] if "why" in one["title"]
    )
    files = filled.manager.get(f"/notes/{noted['id']}/attachments")["items"]
    assert [(one["name"], one["size"]) for one in files] == [("shot.png", 72)]


def test_bringing_the_same_in_twice_adds_nothing(filled: World):
    archive = zip_of(filled.manager, filled.handover)
    assert archive.fp is not None
    archive.fp.seek(0)
    answer = filled.manager("POST", f"/handovers/{filled.handover}/import", File("x.zip", archive.fp.read()))
    assert answer.json()["imported"] == 0
    assert len(filled.manager.get(f"/handovers/{filled.handover}/register")["items"]) == 1
    assert len(filled.manager.get(f"/handovers/{filled.handover}/items")["items"]) == 1


def test_it_holds_only_what_the_caller_may_read(filled: World):
    names = {
        role: zip_of(getattr(filled, role), filled.handover).namelist()
        for role in ("viewer", "manager", "trainer")
    }
    assert "notes/Only a draft.md" not in names["viewer"]
    assert "notes/Only a draft.md" in names["manager"]
    assert "notes/Only a draft.md" in names["trainer"]
    assert filled.stranger("GET", f"/handovers/{filled.handover}/export").status_code == 404
    assert (
        filled.viewer("POST", f"/handovers/{filled.handover}/import", File("a.md", b"# A\n\nB\n")).status_code
        == 403
    )


def test_another_format_is_named(filled: World):
    assert set(filled.manager.errors("GET", f"/handovers/{filled.handover}/export?format=exe", None)) == {
        "format"
    }


def test_one_markdown_file_comes_in(world: World):
    answer = world.trainer(
        "POST", f"/handovers/{world.handover}/import", File("how to.md", b"# How to\n\nDo it.\n")
    )
    assert (answer.status_code, answer.json()["imported"]) == (201, 1)
    (note,) = answer.json()["notes"]
    assert world.trainer.get(f"/notes/{note}")["title"] == "How to"


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\x00\x01", b""])
def test_what_is_no_zip_is_refused_with_a_sentence(world: World, content: bytes):
    answer = world.manager("POST", f"/handovers/{world.handover}/import", File("broken.zip", content))
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_hostile_export_changes_nothing(filled: World):
    archive = zip_of(filled.manager, filled.handover)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bad:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "register.json":
                data = json.dumps(
                    [{"kind": "account", "name": "Mail", "remark": "密码：Hunter2-secret!9"}]
                ).encode()
            bad.writestr(name, data)
    sent = {"title": "New", "position": "Clerk", "leaver": filled.leaver.email, "last_day": "2031-01-31"}
    new = filled.manager.post("/handovers", sent)["id"]
    answer = filled.manager("POST", f"/handovers/{new}/import", File("bad.zip", out.getvalue()))
    assert answer.status_code == 422
    assert "Hunter2" not in answer.text
    assert filled.manager.get(f"/handovers/{new}/notes")["total"] == 0
    assert filled.manager.get(f"/handovers/{new}/items")["total"] == 0


@pytest.mark.parametrize(
    "items",
    [
        [{"title": "A", "module": "M", "slots": "steps"}],
        [{"title": "A", "module": "M", "slots": [1, None, {"slot": 5}]}],
        [{"title": {"a": 1}, "module": ["M"]}],
        [{"title": "A", "module": "M", "required_level": "much", "required_runs": "x"}],
        {"title": "no list"},
        [1, 2],
    ],
)
def test_a_strange_checklist_is_answered_with_a_sentence(world: World, items: Any):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("handover.json", "{}")
        archive.writestr("checksums.json", "{}")
        archive.writestr("items.json", json.dumps(items))
    answer = world.manager("POST", f"/handovers/{world.handover}/import", File("odd.zip", out.getvalue()))
    assert answer.status_code in (201, 422), answer.text


def ended(caller: Caller, path: str) -> dict[str, Any]:
    """The job once it has ended."""
    deadline = time.monotonic() + PATIENCE
    while True:
        job: dict[str, Any] = caller.get(path)
        if job["state"] != "running":
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.05)


def test_many_files_become_a_job(world: World):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(501):
            archive.writestr(f"n{number}.md", f"# Note {number}\n\nText {number}.\n")
    answer = world.manager("POST", f"/handovers/{world.handover}/import", File("many.zip", out.getvalue()))
    assert answer.status_code == 202
    path = f"/jobs/{answer.json()['job']}"
    done = ended(world.manager, path)
    assert (done["state"], done["imported"]) == ("done", 501)
    assert world.viewer("GET", path).status_code == 404
    assert world.stranger("GET", path).status_code == 404


def test_what_was_accepted_comes_in_accepted_only_where_nothing_is_missing(world: World):
    whole = world.item(title="Whole")["id"]
    world.note(items=[whole])
    world.item(title="Empty")
    for one in world.manager.get(f"/handovers/{world.handover}/items")["items"]:
        sent = {"state": "accepted", "override_reason": "It ends with the year."}
        assert world.manager("PATCH", f"/items/{one['id']}", sent).status_code == 200
    archive = zip_of(world.manager, world.handover)
    assert archive.fp is not None
    archive.fp.seek(0)
    sent = {"title": "Again", "position": "Clerk", "leaver": world.leaver.email, "last_day": "2031-01-31"}
    new = world.manager.post("/handovers", sent)["id"]
    answer = world.manager("POST", f"/handovers/{new}/import", File("export.zip", archive.fp.read()))
    assert answer.status_code == 201, answer.text
    items = world.manager.get(f"/handovers/{new}/items")["items"]
    assert {one["title"]: one["state"] for one in items} == {"Whole": "accepted", "Empty": "documented"}
    assert "Empty: it was accepted there" in answer.text

"""The API described, open to anyone, from nowhere else, and true."""

from __future__ import annotations

import json
import re
from typing import Any

from kb.ids import new_id
from tests.support.api import File, World
from tests.support.api_rights import BY_ADDRESS, OPEN, RIGHTS


def described(world: World) -> Any:
    answer = world.nobody("GET", "/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


def test_every_call_is_in_the_document(world: World):
    paths = described(world)["paths"]
    found = {
        f"{method.upper()} {path.removeprefix('/api/v1')}" for path, by in paths.items() for method in by
    }
    assert found == set(RIGHTS) | BY_ADDRESS
    assert all(path.startswith("/api/v1/") for path in paths)


def test_every_reference_leads_somewhere(world: World):
    document = described(world)
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references <= set(document["components"]["schemas"])
    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    operations = [one for by in document["paths"].values() for one in by.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    tags = {
        "people",
        "handovers",
        "items",
        "sessions_held",
        "practice",
        "coverage",
        "slots",
        "notes",
        "attachments",
        "calendar",
        "exports",
        "register",
        "checking",
        "annotations",
        "search",
        "signoff",
        "gaps",
        "glossary",
    }
    assert {tag for one in operations for tag in one["tags"]} == tags
    assert document["paths"]["/api/v1/me"]["get"]["summary"] == "The account whose token this is."
    assert all(one["summary"] for one in operations)
    assert {one["tags"][0] for one in operations if "401" not in one["responses"]} == {"calendar"}


def test_answers_are_as_described(world: World):
    document = described(world)
    item = world.item()
    note = world.note(items=[item["id"]])
    mark = {"kind": "comment", "body": "?", "target": {"quote": {"exact": "Check"}}}
    remark = world.viewer.post(f"/notes/{note['id']}/annotations", mark)
    world.viewer.post(f"/annotations/{remark['id']}/replies", {"body": "!"})
    file = world.manager.post(f"/notes/{note['id']}/attachments", File())
    group = world.manager.post("/glossary", {"term": new_id(), "synonyms": [new_id()]})
    entry = world.entry(state="shared")
    run = world.manager.post(
        f"/items/{item['id']}/practice-runs", {"level": "observed", "outcome": "passed", "feedback": "Seen."}
    )
    planned = {"kind": "review", "held_at": "2031-01-01T10:00:00+08:00"}
    meeting = world.manager.post(f"/handovers/{world.handover}/sessions", planned)
    world.indexed()
    values = {
        "handover_id": world.handover, "item_id": item["id"], "note_id": note["id"],
        "annotation_id": remark["id"], "number": "1", "glossary_id": group["id"], "attachment_id": file["id"],
        "entry_id": entry["id"], "job_id": world.job(),
        "run_id": run["id"], "meeting_id": meeting["id"],
    }  # fmt: skip
    checked = 0
    for path, methods in document["paths"].items():
        if "get" in methods:
            address = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path.removeprefix("/api/v1"))
            content = methods["get"]["responses"]["200"]["content"]
            if "application/json" not in content:
                continue  # the bytes of a file
            answer = world.manager.get(
                address, **({"q": "check"} if path.endswith(("search", "suggest")) else {})
            )
            schema = content["application/json"]["schema"]
            conforms(answer, schema, document["components"]["schemas"], path)
            checked += 1
    assert checked > 12


def conforms(value: Any, schema: Any, known: Any, path: str) -> None:
    """Every field is described, and every field that must be there is."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        schema = next(part for part in schema["anyOf"] if (part.get("type") == "null") == (value is None))
        return conforms(value, schema, known, path)
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value) <= set(schema["properties"]), path
        for name, part in schema["properties"].items():
            if name in value:
                conforms(value[name], part, known, f"{path}.{name}")
    elif isinstance(value, list):
        for entry in value:
            conforms(entry, schema["items"], known, f"{path}[]")
    elif "enum" in schema:
        assert value in schema["enum"], path
    elif "type" in schema:
        kinds = {
            str: "string",
            int: "integer",
            float: "number",
            bool: "boolean",
            type(None): "null",
            dict: "object",
        }
        assert kinds[type(value)] in (
            schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        ), path
    return None


def test_the_page(world: World):
    answer = world.nobody("GET", "/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    html = answer.text
    for name in RIGHTS:
        assert f"<code>{name}</code>" in html
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://", html)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert [world.client.get(address).status_code for address in styles] == [200]
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_the_page_speaks_chinese(world: World):
    html = world.nobody("GET", "/docs", headers={"accept-language": "zh-CN"}).text
    assert '<html lang="zh-Hans">' in html


def test_what_is_open_to_strangers(world: World):
    for name in OPEN:
        method, path = name.split(" ")
        assert world.nobody(method, path).status_code == 200

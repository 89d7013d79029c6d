"""Files by the API: as private as their note, told by their bytes, sent so that they cannot act."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from typing import Any

import pytest

from tests.support.api import File, World

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def attached(world: World, note: Any, file: File, by: str = "manager") -> Any:
    return world.callers[by].post(f"/notes/{note['id']}/attachments", file)


def test_a_file_comes_back_as_it_went(world: World):
    note = world.note()
    answer = world.leaver("POST", f"/notes/{note['id']}/attachments", File("退款 流程.png", PNG))
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/attachments/{made['id']}"
    assert len(made["id"]) == 24
    assert made == {
        "id": made["id"], "name": "退款 流程.png", "size": len(PNG), "sha256": hashlib.sha256(PNG).hexdigest(),
        "type": "image/png", "url": f"/attachments/{made['id']}",
    }  # fmt: skip
    got = world.viewer("GET", f"/attachments/{made['id']}")
    assert got.content == PNG
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-length"] == str(len(PNG))
    quoted = "%E9%80%80%E6%AC%BE%20%E6%B5%81%E7%A8%8B.png"
    assert got.headers["content-disposition"] == f"inline; filename=\"__ __.png\"; filename*=UTF-8''{quoted}"
    assert world.viewer.get(f"/notes/{note['id']}/attachments") == {"items": [made], "total": 1, "next": None}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        (
            "a.png",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "image/svg+xml",
        ),
        ("a.png", b"<!doctype html><script>alert(1)</script>", "text/html"),
        ("a.html", b"just words", "text/plain"),
        ("a.gif", b"%PDF-1.7\n", "application/pdf"),
        ("a.bin", bytes(10), "application/octet-stream"),
    ],
)
def test_what_could_act_is_only_ever_downloaded(world: World, name: str, content: bytes, kind: str):
    made = attached(world, world.note(), File(name, content))
    assert made["type"] == kind
    got = world.viewer("GET", f"/attachments/{made['id']}")
    assert got.content == content
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-store"


def test_a_file_of_a_draft_is_for_its_author_and_the_managers(world: World):
    draft = world.note(by="trainer", status="draft")
    made = attached(world, draft, File(), by="trainer")
    seen = {who: world.callers[who]("GET", f"/attachments/{made['id']}").status_code for who in world.callers}
    assert {who for who, status in seen.items() if status == 200} == {"trainer", "manager"}
    assert seen.pop("nobody") == 401
    assert set(seen.values()) == {200, 404}
    assert world.leaver("DELETE", f"/attachments/{made['id']}").status_code == 404
    assert world.trainer("DELETE", f"/attachments/{made['id']}").status_code == 204
    assert world.trainer("GET", f"/attachments/{made['id']}").status_code == 404


def test_a_file_of_a_note_in_the_bin_is_gone_with_it(world: World):
    note = world.note()
    made = attached(world, note, File())
    world.manager("DELETE", f"/notes/{note['id']}")
    assert world.manager("GET", f"/attachments/{made['id']}").status_code == 404
    world.manager("POST", f"/notes/{note['id']}/restore")
    assert world.viewer("GET", f"/attachments/{made['id']}").status_code == 200


def test_forms_that_are_none(world: World):
    path = f"/notes/{world.note()['id']}/attachments"
    form = {"content-type": "multipart/form-data; boundary=x"}
    half = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf a fi'
    twice = half[:-5] + b"\r\n" + half + b"\r\n--x--\r\n"
    no_file = b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nwords\r\n--x--\r\n'
    latin = half.replace(b"a.txt", b"\xfc.txt") + b"\r\n--x--\r\n"
    hidden = half.replace(b"a.txt", "\u202e".encode()) + b"\r\n--x--\r\n"
    for body, status in ((half, 400), (b"", 400), (latin, 400), (twice, 422), (no_file, 422), (hidden, 422)):
        answer = world.manager("POST", path, content=body, headers=form)
        assert (answer.status_code, body) == (status, body)
        assert answer.json()["detail"]
    assert world.manager("POST", path, {"file": "x"}).status_code == 400
    assert world.manager.get(path)["total"] == 0


def test_office_documents_are_told_from_archives(world: World):
    with zipfile.ZipFile(file := BytesIO(), "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
    made = attached(world, world.note(), File("对账.xlsx", file.getvalue()))
    assert made["type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_pages_of_a_long_list(world: World):
    note = world.note()
    made = [attached(world, note, File(f"{number}.txt"))["id"] for number in range(3)]
    first = world.viewer.get(f"/notes/{note['id']}/attachments", limit=2)
    rest = world.viewer.get(f"/notes/{note['id']}/attachments", limit=2, cursor=first["next"])
    assert [one["id"] for one in first["items"] + rest["items"]] == made

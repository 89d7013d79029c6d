"""Files on pages: forms without scripts, what the editor's script sends, new notes, room and size."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select, update

from kb.attachments.models import Attachment
from kb.attachments.storage import Storage
from kb.attachments.sweeping import sweep
from kb.clock import now
from kb.config import Settings, read_settings
from kb.notes.models import Draft, Note
from tests.functional.web_notes.conftest import Desk, fields_of
from tests.support import server
from tests.support.visitor import words

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
MB = 1024 * 1024


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """At most 6 MB a file."""
    return read_settings(server.environ_for(tmp_path, database_url, KB_MAX_UPLOAD_MB="6"))


@pytest.fixture
def storage(settings: Settings) -> Storage:
    """Where the application keeps files."""
    return Storage(settings.data_dir)


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    """One part of a form."""
    said = f'; filename="{filename}"' if filename is not None else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{said}\r\n\r\n'.encode() + content + b"\r\n"


def form(token: str, content: bytes = PNG, name: str = "屏幕.png") -> bytes:
    """The form of a note's page."""
    return part("csrf_token", token.encode()) + part("file", content, name) + b"--x--\r\n"


def by_script(desk: Desk, who: str, path: str, content: bytes = PNG, token: str | None = None) -> Response:
    """As the editor sends a file."""
    headers = {
        "accept": "application/json",
        "content-type": "multipart/form-data; boundary=x",
        "x-csrf-token": desk[who].token if token is None else token,
    }
    body = part("file", content, "a.png") + b"--x--\r\n"
    return desk[who]._asked("POST", path, headers=headers, content=body)


def kept(storage: Storage) -> list[Path]:
    """Every file in the folder of files, on its way or in place."""
    return [path for path in storage.folder.rglob("*") if path.is_file()]


def rows(desk: Desk) -> list[Attachment]:
    with desk.database.transaction(read_only=True) as session:
        return list(session.scalars(select(Attachment)))


def test_a_form_without_scripts(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(desk.note)
    answer = leaver.send_parts(f"{desk.note}/attachments", form(leaver.token))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{desk.note}#attachments")
    page = leaver.get(desk.note)
    assert "屏幕.png" in words(page)
    assert "10 KB · Leaver · just now" in words(page)
    (made,) = rows(desk)
    viewer = desk["viewer"].get(desk.note)
    assert f'href="/attachments/{made.id}"' in viewer.text
    assert f"/attachments/{made.id}/delete" not in viewer.text
    assert 'type="file"' not in viewer.text
    assert desk["viewer"].get(f"/attachments/{made.id}").content == PNG
    assert desk["stranger"].get(f"/attachments/{made.id}").status_code == 404
    assert desk["viewer"]._asked("HEAD", f"/attachments/{made.id}", {}).headers["content-length"] == "10248"


def test_a_file_is_deleted_after_a_question(desk: Desk):
    leaver = desk["leaver"]
    leaver.get(desk.note)
    leaver.send_parts(f"{desk.note}/attachments", form(leaver.token))
    (made,) = rows(desk)
    leaver.send(f"{desk.note}/edit", fields_of(desk.stored(), body=f"![x](/attachments/{made.id})"))
    assert "The text of the note names it" in words(leaver.get(f"/attachments/{made.id}/delete"))
    for who in ("viewer", "trainer"):
        assert desk[who].get(f"/attachments/{made.id}/delete").status_code == 403
        assert desk[who].send(f"/attachments/{made.id}/delete").status_code == 403
    assert leaver.send(f"/attachments/{made.id}/delete").headers["location"] == f"{desk.note}#attachments"
    assert rows(desk) == []
    assert leaver.get(f"/attachments/{made.id}").status_code == 404


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_file_from_another_site_is_not_taken(desk: Desk, storage: Storage, token: str):
    leaver = desk["leaver"]
    leaver.get(desk.note)
    path = f"{desk.note}/attachments"
    late = part("file", PNG, "a.png") + part("csrf_token", leaver.token.encode()) + b"--x--\r\n"
    assert leaver.send_parts(path, form(token)).status_code == 403
    assert leaver.send_parts(path, late).status_code == 403  # the token must stand before the file
    assert by_script(desk, "leaver", path, token=token).status_code == 403
    assert (rows(desk), kept(storage)) == ([], [])


def test_a_note_takes_over_what_was_sent_before_it_was_there(desk: Desk):
    leaver, manager = desk["leaver"], desk["manager"]
    ahead = f"/handovers/{desk.ids['handover']}/attachments"
    for who in ("leaver", "manager"):
        desk[who].get(f"{desk.new}/new")
    mine = by_script(desk, "leaver", ahead).json()
    unused = by_script(desk, "leaver", ahead).json()
    theirs = by_script(desk, "manager", ahead).json()
    for who in ("viewer", "successor", "manager", "stranger"):
        assert desk[who].get(mine["url"]).status_code == 404
        assert desk[who].get(f"{mine['url']}/delete").status_code in (403, 404)
    assert leaver.get(mine["url"]).content == PNG

    body = f"![a]({mine['url']}) and somebody else's {theirs['url']}"
    answer = leaver.send(desk.new, fields_of(desk.stored(), title="New", body=body, owner=""))
    assert answer.status_code == 303
    note = leaver.get(answer.headers["location"])
    assert f'<img src="{mine["url"]}" alt="a" loading="lazy">' in note.text
    assert desk["viewer"].get(mine["url"]).status_code == 200
    assert {one.id for one in rows(desk) if one.note_id is None} == {unused["id"], theirs["id"]}
    assert manager.get(theirs["url"]).status_code == 200


def test_who_may_not_write_sends_no_files(desk: Desk, storage: Storage):
    for who, status in (("viewer", 403), ("stranger", 404)):
        desk[who].get("/help")
        for path in (f"{desk.note}/attachments", f"/handovers/{desk.ids['handover']}/attachments"):
            answer = by_script(desk, who, path)
            assert answer.status_code == status
            assert answer.json()["detail"]
    assert kept(storage) == []


def test_too_large(desk: Desk, storage: Storage):
    leaver = desk["leaver"]
    leaver.get(desk.note)
    path = f"{desk.note}/attachments"
    answer = by_script(desk, "leaver", path, bytes(6 * MB + 1))
    assert answer.status_code == 413
    assert "larger than 6 MB" in answer.json()["detail"]
    page = leaver.send_parts(path, form(leaver.token, bytes(7 * MB)))
    assert page.status_code == 413
    assert "larger than 6 MB" in words(page)
    assert (rows(desk), kept(storage)) == ([], [])
    assert by_script(desk, "leaver", path, bytes(6 * MB)).status_code == 201


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The operating system refuses to write more into any file, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_no_room_on_the_disk(desk: Desk, storage: Storage):
    desk["leaver"].get(desk.note)
    path = f"{desk.note}/attachments"
    with files_no_larger_than(4 * MB):
        answer = by_script(desk, "leaver", path, bytes(5 * MB))
        assert answer.status_code == 507
        assert "no room left" in answer.json()["detail"]
        assert desk["leaver"].get(desk.note).status_code == 200  # reading goes on
    assert (rows(desk), kept(storage)) == ([], [])
    assert by_script(desk, "leaver", path, bytes(5 * MB)).status_code == 201  # it heals by itself


def _aged(desk: Desk, attachment_id: str, days: int) -> None:
    with desk.database.transaction() as session:
        old = now() - timedelta(days=days)
        session.execute(update(Attachment).where(Attachment.id == attachment_id).values(created_at=old))


def test_what_nobody_names_is_swept(desk: Desk, storage: Storage):
    leaver = desk["leaver"]
    leaver.get(desk.note)
    ahead = f"/handovers/{desk.ids['handover']}/attachments"
    contents: dict[str, Any] = {name: PNG + name.encode() for name in ("old", "young", "typed", "kept")}
    made = {
        name: by_script(
            desk, "leaver", f"{desk.note}/attachments" if name == "kept" else ahead, content
        ).json()
        for name, content in contents.items()
    }
    again = by_script(desk, "leaver", ahead, contents["kept"]).json()  # the same bytes a second time
    draft = {"body": f"![x]({made['typed']['url']})", "draft_place": "new:abc", "title": "T"}
    _keep_draft(desk, draft)
    for one in (made["old"], made["typed"], made["kept"], again):
        _aged(desk, one["id"], 8)
    _aged(desk, made["young"]["id"], 6)
    assert sweep(desk.database, storage) == 1
    assert {one.id for one in rows(desk)} == {made[name]["id"] for name in ("young", "typed", "kept")}
    assert set(storage.hashes()) == {made[name]["sha256"] for name in ("young", "typed", "kept")}
    assert sweep(desk.database, storage) == 0


def _keep_draft(desk: Desk, fields: dict[str, str]) -> None:
    with desk.database.transaction() as session:
        author = session.scalar(select(Note.author_id).where(Note.id == desk.ids["note"]))
        assert author
        session.add(
            Draft(
                user_id=author, place="new:abc", handover_id=desk.ids["handover"], note_id=None,
                base_revision=None, fields=fields, saved_at=now(),
            )
        )  # fmt: skip

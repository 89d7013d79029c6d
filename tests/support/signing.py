"""Signing in tests: people with passwords, a handover of which everything is written down, an export made by hand."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from httpx import Response
from sqlalchemy.orm import Session

from kb.people.passwords import hash_password
from kb.people.queries import user_by_email
from kb.signoff.queries import latest_signed
from kb.signoff.signing import sign as sign_now
from tests.support.api import World
from tests.support.factories import PASSWORD, who

PARTIES = ("leaver", "successor", "manager")
Files = dict[str, bytes]


def with_passwords(world: World) -> World:
    """The three who sign can."""
    with world.session() as session:
        for role in PARTIES:
            give_password(session, world.callers[role].email)
    return world


@cache
def _hashed() -> str:
    """Once: it is slow on purpose."""
    return hash_password(PASSWORD)


def give_password(session: Session, email: str) -> None:
    """From now on it is the password of all tests."""
    user = user_by_email(session, email)
    assert user is not None
    user.password_hash = _hashed()


def covered(world: World, title: str = "Refunds", **fields: Any) -> tuple[Any, Any]:
    """An item of which everything asked for is written down, and the note about it."""
    item = world.item(title=title)
    return item, world.note(title=f"{title}, step by step", items=[item["id"]], **fields)


def ready(world: World) -> World:
    """A handover in which everything is written down, and three people who can sign."""
    covered(with_passwords(world))
    return world


def state(world: World) -> Any:
    """How far signing has come."""
    return world.viewer.get(f"/handovers/{world.handover}/signoff")


def problem(answer: Response, status: int) -> Any:
    """The problem document of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.json()


def sign(world: World, who: str, *reservations: str, **more: Any) -> Response:
    """One signature over the API."""
    body = {"password": PASSWORD, "reservations": list(reservations), **more}
    return world.callers[who]("POST", f"/handovers/{world.handover}/signoff", body)


def sign_all(world: World, *reservations: str) -> Any:
    """All three sign; the last answer."""
    for role in PARTIES:
        answer = sign(world, role, *reservations)
        assert answer.status_code == 201, answer.text
    return answer.json()


def certificate(world: World, **params: Any) -> Any:
    """The certificate as JSON."""
    return world.viewer.get(f"/handovers/{world.handover}/signoff/certificate.json", **params)


def note_file(facts: Mapping[str, Any], body: str) -> bytes:
    """A note as it stands in an export."""
    front = yaml.safe_dump(dict(facts), allow_unicode=True, sort_keys=False)
    return f"---\n{front}---\n\n{body}".encode()


def export(world: World) -> Files:
    """The files of an export, without their list and without the texts of notes as they were signed."""
    sent = world.viewer("GET", f"/handovers/{world.handover}/export", params={"format": "zip"})
    with zipfile.ZipFile(BytesIO(sent.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: content
        for name, content in files.items()
        if name != "checksums.json" and not name.startswith("signoff/notes/")
    }


def listed(files: Files) -> Files:
    """The files with a list of all of them."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return {**files, "checksums.json": json.dumps(sums).encode()}


def zipped(path: Path, files: Files) -> Path:
    """A zip of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def signed_already(world: World) -> None:
    """Sign for all three, unless they have."""
    with world.session() as session:
        if latest_signed(session, world.handover) is None:
            for role in PARTIES:
                user = user_by_email(session, world.callers[role].email)
                assert user is not None
                said = {"reservations": ["Whatever is open"]}
                sign_now(session, who(session, user), world.handover, said, zone="Asia/Shanghai")


def certificate_call(kind: str) -> Callable[[World], tuple[str, Any]]:
    """For the table of rights: a call on the certificate of a handover that all three have signed."""

    def make(world: World) -> tuple[str, Any]:
        signed_already(world)
        return f"/handovers/{world.handover}/signoff/certificate.{kind}", None

    return make

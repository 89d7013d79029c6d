"""A session that ended while somebody wrote: nothing typed is lost, and nothing is sent in their name unasked."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from httpx import Response

from kb.db import Database
from tests.functional.web_notes.conftest import Desk, Writer, fields_of
from tests.support.factories import PASSWORD, cookie_for, make_handover, make_note, make_user
from tests.support.visitor import words

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.testing import TestClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = "\n\n  Neu & <b>geschrieben</b> 😀\n</textarea>\"'\n"


class Forms(HTMLParser):
    """The fields of the form that is sent to one address, as a browser reads them."""

    def __init__(self, answer: Response, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.area = action, False, ""
        self.fields: dict[str, Any] = {}
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag == "form":
            self.inside = have.get("action") == self.action
        elif self.inside and tag == "input":
            self._add(have.get("name") or "", have.get("value") or "")
        elif self.inside and tag == "textarea":
            self.area, self.text = have.get("name") or "", ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self._add(self.area, self.text.removeprefix("\n"))
            self.area = ""
        elif tag == "form":
            self.inside = False

    def _add(self, name: str, value: str) -> None:
        had = self.fields.get(name)
        self.fields[name] = value if had is None else [*had, value] if isinstance(had, list) else [had, value]


@pytest.fixture
def lin(app_client: TestClient[Litestar], database: Database) -> tuple[Writer, str]:
    """A signed-in writer with a password, on the editor's page; and the note's address."""
    with database.transaction() as session:
        user = make_user(session, "lin@example.com", password=PASSWORD)
        note = make_note(
            session, user, make_handover(session, leaver=user), body="alt\n", title="Nachtdienst"
        )
        writer = Writer(app_client, cookie_for(session, user))
    writer.get(f"/notes/{note.id}/edit")
    return writer, f"/notes/{note.id}"


def ended(writer: Writer) -> None:
    del writer.cookies["kb_session"]


def test_what_was_typed_is_carried_through_signing_in(lin: tuple[Writer, str], database: Database):
    writer, note = lin
    desk = Desk(database)
    address = f"{note}/edit"
    ended(writer)
    sent = fields_of(desk.stored(note.removeprefix("/notes/")), body=TYPED, tags="a, b")
    refused = writer.send(address, sent)
    assert refused.status_code == 401
    assert "Your session has ended." in words(refused)
    form = Forms(refused, "/sign-in").fields
    wrong = writer.send(
        "/sign-in", {**form, "csrf_token": writer.token, "email": "lin@example.com", "password": "no"}
    )
    assert wrong.status_code == 422
    form = Forms(wrong, "/sign-in").fields | {"email": "lin@example.com", "password": PASSWORD}
    again = writer.send("/sign-in", form)
    assert again.status_code == 200
    assert desk.stored(note.removeprefix("/notes/")).body == "alt\n"
    ready = Forms(again, address).fields
    assert {name: ready[name] for name in ("body", "tags", "base_revision")} == {
        "body": TYPED, "tags": "a, b", "base_revision": "1"
    }  # fmt: skip
    assert writer.send(address, ready).headers["location"].startswith(note)
    assert desk.stored(note.removeprefix("/notes/")).body == TYPED


def test_a_form_of_an_older_session_can_be_sent_at_once(lin: tuple[Writer, str], database: Database):
    writer, note = lin
    old = writer.token
    writer.cookies.pop("kb_session")
    assert writer.sign_in("lin@example.com", PASSWORD).status_code == 303
    writer.token = old
    answer = writer.send(f"{note}/edit", {"title": "T", "body": TYPED, "base_revision": "1"})
    assert answer.status_code == 403
    ready = Forms(answer, f"{note}/edit").fields
    assert ready["body"] == TYPED
    assert writer.send(f"{note}/edit", ready).status_code == 303


def test_another_sites_form_is_offered_to_nobody(lin: tuple[Writer, str]):
    writer, note = lin
    seed = dict(writer.cookies)
    for cookies, headers in (
        ({}, {}),
        ({}, {"origin": "https://evil.example"}),
        (seed, {"sec-fetch-site": "cross-site"}),
    ):
        ended_cookies = {name: value for name, value in cookies.items() if name != "kb_session"}
        writer.cookies = ended_cookies
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = writer._asked(
            "POST", f"{note}/edit", headers={**kind, **headers}, content=b"csrf_token=x&body=evil"
        )
        assert answer.status_code == 403
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_what_is_carried_goes_to_this_site_only(lin: tuple[Writer, str], address: str):
    writer, _note = lin
    ended(writer)
    answer = writer.sign_in("lin@example.com", PASSWORD, resume=address, **{"kept:body": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_passwords_are_not_carried(lin: tuple[Writer, str]):
    writer, _note = lin
    ended(writer)
    answer = writer.send("/me/password", {"current_password": PASSWORD, "new_password": "another-long-one"})
    assert answer.status_code == 401
    assert PASSWORD not in answer.text
    assert "another-long-one" not in answer.text


def test_a_script_is_told_in_a_sentence(lin: tuple[Writer, str]):
    writer, note = lin
    ended(writer)
    answer = writer.send_fragment(f"{note}/annotations", {"kind": "comment", "body": "x"})
    assert answer.status_code == 401
    assert re.search(r'id="failure"', answer.text)
    assert "Your session has ended." in words(answer)
    assert "<html" not in answer.text

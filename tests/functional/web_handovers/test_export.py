"""The page where a handover goes out as a zip and notes come in."""

from __future__ import annotations

import io
import zipfile

from tests.functional.web_handovers.conftest import Shop, person
from tests.support.factories import make_note
from tests.support.visitor import words


def here(shop: Shop, end: str = "export") -> str:
    return f"/handovers/{shop.handover}/{end}"


def test_a_member_takes_out_what_they_may_read(shop: Shop):
    shop.change(lambda s: make_note(s, person(s, "leaver"), shop.stored(), title="Refunds"))
    assert "Download the zip" in words(shop["viewer"].get(here(shop)))
    answer = shop["viewer"].get(here(shop, "export.zip"))
    assert answer.headers["content-disposition"].startswith("attachment; ")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "notes/Refunds.md" in archive.namelist()
        assert archive.testzip() is None


def test_a_file_comes_in_and_it_is_said_what_came_of_it(shop: Shop):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.md", "# Refunds\n\nOpen the order.\n")
        archive.writestr("empty.md", "")
    answer = shop["trainer"].upload(here(shop, "import"), "notes.zip", out.getvalue())
    assert answer.status_code == 200
    assert "1 note was brought in." in words(answer)
    assert "empty.md" in words(answer)


def test_what_cannot_come_in_is_named(shop: Shop):
    answer = shop["trainer"].upload(here(shop, "import"), "notes.zip", b"PK\x03\x04broken")
    assert answer.status_code == 422
    assert "Nothing was imported." in words(answer)

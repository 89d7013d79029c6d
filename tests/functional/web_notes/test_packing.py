"""How answers leave: compressed where the browser takes that, with the headers every answer has."""

from __future__ import annotations

from httpx import Response

from tests.functional.web_notes.conftest import Desk


def asked(desk: Desk, path: str, encoding: str) -> Response:
    return desk["viewer"]._asked("GET", path, headers={"accept-encoding": encoding})


def test_a_page_is_compressed_for_whoever_takes_gzip(desk: Desk):
    plain = asked(desk, desk.note, "identity")
    packed = asked(desk, desk.note, "gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.headers["vary"] == "HX-Request, Cookie, Accept-Encoding"
    assert "<h1" in packed.text  # httpx unpacks it


def test_every_answer_has_the_headers_and_pages_are_not_kept(desk: Desk):
    for path in (desk.note, "/nothing-here", "/health/live"):
        answer = desk["viewer"].get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_static_files_keep_their_own_headers(desk: Desk):
    page = desk["viewer"].get(desk.note).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = asked(desk, address, "gzip")
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers.get_list("content-encoding") == ["gzip"] and style.text.startswith(("/*", "@", ":"))

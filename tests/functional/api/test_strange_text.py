"""Any text in any field: kept exactly or refused with a sentence, never an error of ours, on both databases alike.

What is kept is foretold from the text alone, so the two databases cannot differ (reliability R25).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.validation import _BIDI
from tests.support.api import Caller, World

CHARACTERS = st.one_of(
    st.characters(),  # everything but surrogates
    st.sampled_from("\x00\r\n\t\x1f\x7f\x85\u2028\u202e\u2066\u200b\u200d\ufeff\ufffe\U0010ffff😀é退"),
    st.characters(categories=["Cs"]),
)
TEXT = st.text(CHARACTERS, max_size=40)
STRANGE = ["\x00", "a\x00b", "\ud83d", "x\udc00", "😀", "e\u0301", "\u00e9", "\u202egnp.exe", "שלום", "a\u200bb",
           "\ufeffx", "<script>alert(1)</script>", "' OR 1=1 --", "\\u0000", "%00", "İ" * 20, "\U0010ffff"]  # fmt: skip
Refused = None


def drawn(strategy: st.SearchStrategy[Any], examples: int = 40) -> list[Any]:
    """Examples of a strategy. They are tried outside of Hypothesis: it resets the generator of random numbers
    the running indexer names its files with."""
    found: list[Any] = []

    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def gather(example: Any) -> None:
        found.append(example)

    gather()
    return found


def seen(text: str) -> bool:
    """Whether there is anything but blanks, control and zero-width characters."""
    return any(unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in text)


def strange(text: str) -> bool:
    """Whether it holds control characters, or marks that turn its direction."""
    return any(unicodedata.category(character) == "Cc" or character in _BIDI for character in text)


def short(text: str) -> str | None:
    """A field of one line that may be empty: trimmed, or refused."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return Refused
    kept = text.strip()
    return Refused if strange(kept) or "\0" in text else kept


def one_line(text: str) -> str | None:
    """The same for a field that may not be empty."""
    kept = short(text)
    return kept if kept is not None and seen(kept) else Refused


def many_lines(text: str) -> str | None:
    """A field of many lines: line ends become \\n, all else is kept, or it is refused."""
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        return Refused
    return text.replace("\r\n", "\n").replace("\r", "\n")


def said(text: str) -> str | None:
    """The same for a field that may not be empty."""
    kept = many_lines(text)
    return kept if kept is not None and seen(kept) else Refused


FIELDS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "title": ("note", one_line),
    "body": ("note", many_lines),
    "purpose": ("note", short),
    "module": ("item", one_line),
    "guidance": ("item", many_lines),
    "position": ("handover", one_line),
    "department": ("handover", short),
    "confirmed_by": ("handover", short),
    "name": ("user", one_line),
    "remark": ("annotation", said),
    "reply": ("reply", said),
}


@pytest.fixture
def send(world: World) -> Callable[[str, str], Any]:
    """Puts a text into a field, by the field's name."""
    note, item = world.note(), world.item()
    mark = {"kind": "highlight", "target": {"quote": {"exact": "Check"}}}
    remark = world.viewer.post(f"/notes/{note['id']}/annotations", mark)["id"]

    def by_name(field: str, text: str) -> Any:
        from kb.ids import new_id

        email = f"{new_id()}@example.com"
        new_note = {"kind": "case", "title": "T", "body": "B", field: text}
        calls: dict[str, tuple[Caller, str, str, Any]] = {
            "note": (world.manager, "POST", f"/handovers/{world.handover}/notes", new_note),
            "item": (world.manager, "PATCH", f"/items/{item['id']}", {field: text}),
            "handover": (world.manager, "PATCH", f"/handovers/{world.handover}", {field: text}),
            "user": (world.admin, "POST", "/users", {"email": email, field: text}),
            "annotation": (world.viewer, "PATCH", f"/annotations/{remark}", {"body": text}),
            "reply": (world.viewer, "POST", f"/annotations/{remark}/replies", {"body": text}),
        }
        caller, method, path, body = calls[FIELDS[field][0]]
        content = json.dumps(body).encode("ascii")  # lone surrogates travel as escapes
        return caller(method, path, content=content, headers={"content-type": "application/json"})

    return by_name


@pytest.mark.parametrize("field", FIELDS)
def test_kept_exactly_or_refused(send: Callable[[str, str], Any], field: str):
    name = "body" if field in ("remark", "reply") else field
    for text in [*STRANGE, *drawn(TEXT)]:
        answer, expected = send(field, text), FIELDS[field][1](text)
        if expected is not Refused:
            assert answer.status_code in (200, 201), (text, answer.text)
            assert answer.json()[name] == expected
        elif any("\ud800" <= character <= "\udfff" for character in text):
            assert answer.status_code == 400, (text, answer.text)  # no JSON in UTF-8
        else:
            assert answer.status_code == 422, (text, answer.text)
            assert [error["field"] for error in answer.json()["errors"]] == [name], text


def test_tags(world: World):
    storable = TEXT.filter(lambda text: not any("\ud800" <= character <= "\udfff" for character in text))
    for tags in drawn(st.lists(storable, max_size=5)):
        body = {"kind": "case", "title": "T", "body": "B", "tags": tags}
        answer = world.manager("POST", f"/handovers/{world.handover}/notes", body)
        if any(strange(tag.strip()) or "\0" in tag for tag in tags):
            assert answer.status_code == 422, tags
        else:
            kept = [tag.strip().lstrip("#").strip() for tag in tags if seen(tag)]
            assert answer.json()["tags"] == list(dict.fromkeys(tag for tag in kept if seen(tag))), tags


ASKED = (
    "/search?q={}", "/search?q=x&tag={}", "/search?q=x&updated_after={}", "/search?q=in:title%20{}", "/suggest?q={}",
    "/handovers?cursor={}", "/handovers?limit={}", "/notes/{}", "/items/{}", "/users/{}/tokens",
)  # fmt: skip


def test_what_is_asked_for(world: World):
    places = (*ASKED, f"/notes/{world.note()['id']}/revisions/{{}}")
    for text in [*STRANGE, *drawn(TEXT)]:
        for place in places:
            asked = place.format(quote(text.encode("utf-8", "surrogatepass"), safe=""))
            method, caller = ("POST", world.admin) if place.startswith("/users") else ("GET", world.manager)
            assert caller(method, asked).status_code in (200, 400, 404, 405, 422), asked


def test_quotes_of_strange_texts(world: World):
    body = "A\u0301 e\u0301😀 שלום \u200b a\u202eb 退款\ufeff end"
    note = world.note(body=body)
    path = f"/notes/{note['id']}/annotations"
    text = note["text"]
    assert "😀" in text
    for start in range(0, len(text) - 4, 3):
        exact = text[start : start + 4]
        if not exact.strip():
            continue
        mark = {
            "kind": "highlight",
            "target": {"quote": {"exact": exact}, "position": {"start": start, "end": start + 4}},
        }
        made = world.viewer.post(path, mark)
        assert (made["anchor"]["start"], made["anchor"]["exact"]) == (start, exact)

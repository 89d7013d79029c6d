from __future__ import annotations

import pytest

from kb.errors import Malformed
from kb.import_export.front_matter import split


def test_fields_and_body():
    fields, body = split("---\ntitle: Refunds\ntags: [a, 2024]\nDate: 2026-01-02\n---\n\n## When\n")
    assert fields == {"title": "Refunds", "tags": ["a", "2024"], "date": "2026-01-02"}
    assert body == "## When\n"


def test_a_body_keeps_all_but_one_blank_line():
    assert split("---\na: b\n---\nbody")[1] == "body"
    assert split("---\na: b\n---\n\n\n  body\n\n")[1] == "\n  body\n\n"
    assert split("---\na: b\n---") == ({"a": "b"}, "")
    assert split("---\n---\nbody") == ({}, "body")


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\nnever closed: true\n",
        "---\nJust prose between rules.\n---\nmore",
        "",
        " ---\na: b\n---\n",
    ],
)
def test_without_front_matter_the_body_is_everything(text: str):
    assert split(text) == ({}, text)


@pytest.mark.parametrize(
    "block",
    [
        "title: [unclosed",
        "a: &x [1]\nb: *x",
        "!!python/object/apply:os.system ['true']",
        "a: " + "[" * 5000 + "]" * 5000,
        "- " * 5000 + "x",
    ],
    ids=["broken", "reference", "object", "deep brackets", "deep list"],
)
def test_what_cannot_be_read_safely_is_refused(block: str):
    with pytest.raises(Malformed):
        split(f"---\n{block}\n---\nbody")


def test_the_line_is_named():
    with pytest.raises(Malformed, match="line 3"):
        split("---\ntitle: fine\nkind: a: b\n---\nbody")

"""Sections of a note: where a mark points, and where the same passage is in the next revision."""

from __future__ import annotations

import pytest

from kb.markdown import render
from kb.notes.sections import (
    anchor_of,
    followed,
    heading_at,
    place_of,
    says_something,
    section_text,
    words_of,
)

OLD = "## Steps\n\nOpen the order and check the name.\n\n## Cautions\n\nNever refund twice.\n"


@pytest.mark.parametrize(
    ("new", "where"),
    [
        (OLD, "Steps"),
        ("## Cautions\n\nx y\n\n# All\n\n### Steps\n\nOpen the order and check the name.\n", "Steps"),
        ("## Steps\n\nSomething else.\n\n## Old steps\n\nOpen the order and check the name.\n", "Steps"),
        ("## What to do\n\nOpen the order and check the name.\n", "What to do"),
        ("## What to do\n\nOpen the order and check the full name.\n", "What to do"),
        ("## What to do\n\nCall Lin.\n", None),
        ("## Cautions\n\nOpen the order and check the name.\n", "Cautions"),
        ("", None),
    ],
)
def test_a_passage_is_followed(new: str, where: str | None):
    assert followed(render(OLD), render(new), "Steps") == where


def test_headings_of_one_name_are_told_apart():
    body = "# Refunds\n\n## Steps\n\nOne.\n\n# Returns\n\n## Steps\n\nTwo.\n"
    made = render(body)
    first, second = (place_of(heading) for heading in made.outline if heading.text == "Steps")
    assert (section_text(made, first), section_text(made, second)) == ("One.", "Two.")
    assert words_of(first) == words_of(second) == "Steps"
    assert [anchor_of(place) for place in (first, second)] == ["s-steps", "s-steps-2"]
    only_second = render(body.partition("# Returns")[2])
    assert section_text(only_second, str(followed(made, only_second, second))) == "Two."
    assert followed(made, only_second, first) is None


def test_a_heading_too_long_to_keep_is_found_again():
    made = render(f"## {'word ' * 100}\n\nText.\n")
    place = place_of(made.outline[0])
    assert len(place) <= 300
    assert heading_at(made, place) == made.outline[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("## A\n\nText.\n", True),
        ("## A\n\n### B\n\nText.\n", True),
        ("## A\n\n无\n\n### B\n\nsee above\n", False),
        ("## A\n\n## B\n\nText.\n", False),
        ("## A\n", False),
        ("## B\n\nText.\n", False),
        ("## A\n\n见附件\n", False),
        ("## A\n\n见附件\n\n## B\n\n[对账](/attachments/abc)\n", True),
    ],
)
def test_only_words_of_its_own_say_something(body: str, says: bool):
    assert says_something(render(body), "A") is says

"""What a note begun from a problem opens with, and names within an agenda."""

from __future__ import annotations

import pytest

from kb.checklists.models import Level
from kb.notes.kinds import HEADINGS
from kb.notes.models import Kind
from kb.rehearsals.agenda import plain
from kb.rehearsals.becoming import MOST_TITLE, body_from, title_from
from kb.rehearsals.models import Outcome
from kb.rehearsals.queries import higher, level_passed


@pytest.mark.parametrize(
    ("problem", "title"),
    [
        ("It was locked.", "It was locked"),
        ("\n\n  退货单变红。\n第二行", "退货单变红"),
        ("", ""),
        ("one two " * 20, "one two one two one two one two one two one two one two one…"),
        ("退" * 100, "退" * MOST_TITLE + "…"),
    ],
)
def test_the_title_is_the_first_line_cut_at_a_word(problem: str, title: str):
    assert title_from(problem) == title
    assert len(title_from(problem)) <= MOST_TITLE + 1


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_problem_and_fix_stand_under_their_headings(kind: Kind, language: str):
    body = body_from(kind, language, "P", "F")
    assert [line[3:] for line in body.splitlines() if line.startswith("## ")] == list(
        HEADINGS[kind][language]
    )
    assert body.index("\n\nP\n\n") < body.index("\n\nF\n\n")


def test_markup_in_a_name_is_shown_as_it_stands():
    assert plain("*a* [b](c)\n<d>") == r"\*a\* \[b\](c) \<d\>"


@pytest.mark.parametrize(
    ("level", "outcome", "shows"),
    [
        (Level.INDEPENDENT, Outcome.PASSED, Level.INDEPENDENT),
        (Level.INDEPENDENT, Outcome.PASSED_WITH_HELP, Level.ASSISTED),
        (Level.ASSISTED, Outcome.PASSED_WITH_HELP, Level.ASSISTED),
        (Level.OBSERVED, Outcome.PASSED_WITH_HELP, Level.OBSERVED),
        (Level.INDEPENDENT, Outcome.FAILED, None),
    ],
)
def test_what_a_run_shows(level: Level, outcome: Outcome, shows: Level | None):
    assert level_passed(level, outcome) == shows


def test_the_higher_level():
    assert higher(Level.OBSERVED, Level.ASSISTED) == higher(Level.ASSISTED, None) == Level.ASSISTED
    assert higher(None, None) is None

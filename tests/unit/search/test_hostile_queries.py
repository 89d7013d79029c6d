"""Whatever is typed is a query: nothing is raised, and what is looked up, found and shown stays within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kb.search.interface import Filters, SearchDocument
from kb.search.language import MAX_CLAUSES, MAX_FIELDS, MAX_UNITS, parse
from kb.search.query import Query
from kb.search.snippets import COLUMNS, snippet
from kb.search.whoosh_index import SearchIndex
from tests.support.hostile_kinds import COMMON, blocks, kinds
from tests.support.hostile_strategy import hostile_queries
from tests.unit.search.factory import SCOPES, document

LIMIT = 20
KINDS = kinds()
BLOCKS = dict(blocks())


def _documents() -> Iterator[SearchDocument]:
    """Notes in which the common words stand again and again, beside some that hold hostile text themselves."""
    words = " ".join(COMMON)
    for number in range(30):
        body = f"{words} 退款审核 order {number} refund TB20261103-00{number} " * (number % 5 + 1)
        yield document(
            str(number), f"退款 refund {number} {COMMON[number % len(COMMON)]}", body, tags=("tag0",)
        )
    for number, text in enumerate(list(KINDS.values())[::12], 100):
        body = text[:2000].encode("utf-8", "replace").decode()
        yield document(str(number), body[:80], body)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    made = SearchIndex.create(Path(tmp_path_factory.mktemp("hostile")) / "index")
    made.apply(_documents(), [], 1)
    return made


@pytest.fixture(scope="module")
def bodies() -> dict[str, str]:
    return {one.id: one.body for one in _documents()}


def assert_bounded(query: Query) -> None:
    assert len(query.clauses) <= MAX_CLAUSES
    assert len(query.fields) <= MAX_FIELDS
    assert sum(clause.leaf.units for clause in query.clauses) <= MAX_UNITS


def assert_answered(index: SearchIndex, bodies: dict[str, str], text: str) -> None:
    query = parse(text)
    assert_bounded(query)
    results = index.search(query, SCOPES, Filters(), LIMIT, 0)
    names = [hit.id for hit in results.hits]
    assert len(names) == len(set(names)) == min(LIMIT, results.total)
    assert results.total <= index.count()
    assert all(entry.count <= results.total for facet in results.facets.values() for entry in facet)
    for name in names:
        assert_shown(bodies[name], snippet(bodies[name], (), query).html)
    assert len(index.suggest(text, SCOPES, 10)) <= 10


def assert_shown(body: str, html: str) -> None:
    """A part of the body, escaped, in one line, with nothing but marks in it."""
    plain = re.sub("</?mark>", "", html)
    assert "<" not in plain
    assert len(unescape(plain)) <= COLUMNS * 2 + 2  # and the dots at both ends
    assert _one_line(unescape(plain)).strip("…").strip() in _one_line(body)


def _one_line(text: str) -> str:
    return " ".join(re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ", text).replace("…", " ").split())


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_answered(index: SearchIndex, bodies: dict[str, str], name: str) -> None:
    assert_answered(index, bodies, KINDS[name])


def test_every_stretch_of_unicode_is_answered(index: SearchIndex, bodies: dict[str, str]) -> None:
    for text in BLOCKS.values():
        assert_answered(index, bodies, text)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(text=hostile_queries())
def test_whatever_is_made_of_them_is_answered(index: SearchIndex, bodies: dict[str, str], text: str) -> None:
    assert_answered(index, bodies, text)


@pytest.mark.parametrize("text", ["-退款", "-refund -order", '-"退款"', "-re*", "- -- ---", "!?", "**"])
def test_what_only_takes_away_finds_nothing(index: SearchIndex, text: str) -> None:
    assert index.search(parse(text), SCOPES, Filters(), LIMIT, 0).total == 0


def test_there_are_as_many_kinds_as_are_known() -> None:
    assert len(set(KINDS.values())) > 228

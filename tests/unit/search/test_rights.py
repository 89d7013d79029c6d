"""Nothing of what one may not read shows: no hit, count, facet, suggestion, and no score either."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.search.whoosh_index import SearchIndex
from tests.unit.search.conftest import Built
from tests.unit.search.factory import document, found, search

MINE = frozenset({"h:mine", "a:mine:u1"})
OWN = (
    document("1", "Refund review", "approve the refund", handover="mine", scopes=("h:mine",)),
    document("2", "Draft about refunds", "refund draft", handover="mine", scopes=("m:mine", "a:mine:u1")),
)
FOREIGN = tuple(
    document(
        f"x{i}",
        "Refund secret",
        "refund approve " * i,
        handover="theirs",
        scopes=("h:theirs",),
        tags=("secret",),
    )
    for i in range(1, 9)
)


@pytest.mark.parametrize(
    "text", ["refund", "secret", "refu*", '"refund approve"', "", "tag:secret", "refund -draft", "author:x"]
)
def test_results_are_the_same_as_if_the_rest_were_not_there(
    index_of: Built, tmp_path: Path, text: str
) -> None:
    alone = SearchIndex.create(tmp_path / "alone")
    alone.apply(OWN, [], 1)
    assert search(index_of(*OWN, *FOREIGN), text, MINE) == search(alone, text, MINE)


def test_a_draft_is_for_its_author_and_the_managers(index_of: Built) -> None:
    index = index_of(*OWN)
    assert sorted(found(index, "refund", frozenset({"h:mine"}))) == ["1"]
    assert sorted(found(index, "refund", frozenset({"h:mine", "m:mine"}))) == ["1", "2"]
    assert sorted(found(index, "refund", frozenset({"h:mine", "a:mine:u2"}))) == ["1"]


def test_without_scopes_nothing_is_found_counted_or_suggested(index_of: Built) -> None:
    index = index_of(*OWN, *FOREIGN)
    results = search(index, "refund", frozenset())
    assert results.total == 0
    assert not any(results.facets.values())
    assert index.suggest("ref", frozenset(), 10) == ()


def test_suggestions_keep_to_the_scopes(index_of: Built) -> None:
    assert {hit.id for hit in index_of(*OWN, *FOREIGN).suggest("refund", MINE, 10)} == {"note:1", "note:2"}


def test_a_filter_for_a_foreign_handover_finds_nothing(index_of: Built) -> None:
    results = search(index_of(*OWN, *FOREIGN), "refund", MINE, handover="theirs")
    assert results.total == 0
    assert [entry.value for entry in results.facets["handover"]] == ["mine"]

"""The arrays give what Whoosh's own matchers, scorer and collectors give on the very same index."""

from __future__ import annotations

import random
from math import log
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from kb.search.analysis import bigrams, stem
from kb.search.interface import SearchDocument
from kb.search.matching import Matcher
from kb.search.merging import MOST_SEGMENTS
from kb.search.reading import NAME
from kb.search.snapshot import HAN_K1, K1, TEXT, B
from kb.search.whoosh_index import SearchIndex
from tests.unit.search.conftest import Built
from tests.unit.search.factory import SCOPES, document, search

SAID = "refund refunds order review ticket slow bank return 退款 审批 订单 客服 退款审批 流程 慢 TB2026-11"
WORDS = SAID.split()


class Robertson(BM25F):  # type: ignore[misc]
    """Whoosh's BM25F with Robertson's idf in the place of its own."""

    def idf(self, searcher: Any, field: str, text: Any) -> float:
        held = searcher.doc_frequency(field, text)
        return log(1 + (searcher.doc_count_all() - held + 0.5) / (held + 0.5))


def some_documents(chance: random.Random, count: int) -> list[SearchDocument]:
    return [
        document(
            str(number),
            " ".join(chance.choices(WORDS, k=chance.randint(0, 4))),
            " ".join(chance.choices(WORDS, k=chance.randint(0, 60))),
        )
        for number in range(count)
    ]


def scored_by_whoosh(folder: Path, terms: list[str], k1: float) -> dict[int, float]:
    index = FileIndex(FileStorage(str(folder), supports_mmap=False), indexname=NAME)
    with index.searcher(weighting=Robertson(B=B, K1=k1)) as searcher:
        found = searcher.search(Or([Term(TEXT, term) for term in terms]), limit=None)
        return {hit.docnum: hit.score for hit in found}


def scored_by_us(index: SearchIndex, terms: list[str], k1: float) -> dict[int, float]:
    snapshot = index._current()
    matcher = Matcher(snapshot, snapshot.scope(SCOPES), 0)
    total: dict[int, float] = {}
    for term in terms:
        part = matcher.part(matcher.term(TEXT, term), k1=k1)
        for number, gain in zip(part.documents.tolist(), part.gains.tolist(), strict=True):
            total[number] = total.get(number, 0.0) + gain
    return total


@pytest.mark.parametrize("seed", range(12))
def test_scores_are_whooshs_own(index_of: Built, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    documents = some_documents(chance, 60)
    index = index_of(*documents[:40])
    for start in range(40, 60, 5):
        index.apply(documents[start : start + 5], [], start)
    for _ in range(20):
        words = chance.sample(WORDS, k=chance.randint(1, 8))
        terms = list(dict.fromkeys(t for w in words for t in ([stem(w)] if w.isascii() else bigrams(w))))
        k1 = chance.choice([K1, HAN_K1])
        whooshs, ours = scored_by_whoosh(tmp_path / "index", terms, k1), scored_by_us(index, terms, k1)
        assert whooshs.keys() == ours.keys()
        for number, score in whooshs.items():
            assert ours[number] == pytest.approx(score, rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_what_was_deleted_counts_for_nothing(index_of: Built, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    older, newer = some_documents(chance, 40), some_documents(chance, 30)
    index = index_of(*older)
    for start in range(0, 30, 3):
        index.apply(newer[start : start + 3], [f"note:{39 - start}"], start + 2)
    gone = {f"note:{39 - start}" for start in range(0, 30, 3)}
    index.apply([], gone, 99)
    fresh = SearchIndex.create(tmp_path / "fresh")
    left = {one.id: one for one in [*older, *newer] if one.id not in gone}
    fresh.apply(left.values(), [], 99)
    for _ in range(2):
        for _ in range(20):
            text = " ".join(chance.sample(WORDS, k=chance.randint(1, 6)))
            one, other = search(index, text), search(fresh, text)
            assert (one.total, one.facets) == (other.total, other.facets)
            scores = {hit.id: hit.score for hit in other.hits}
            assert {hit.id: hit.score for hit in one.hits} == pytest.approx(scores, abs=2e-4)
        assert index.merge() or index.segments() <= MOST_SEGMENTS
    assert index.segments() <= MOST_SEGMENTS

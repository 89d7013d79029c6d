"""Judged data for measuring quality, and the measures: nDCG@10, recall@10, reciprocal rank."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """`docs` (id, title, text), `queries` by id, `grades` by query and document."""

    docs: list[tuple[str, str, str]]
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]


def _lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def half_of(query: str) -> str:
    """Which half a query belongs to, by a hash of its id: "tune" or "report"."""
    return "report" if hashlib.sha256(query.encode()).digest()[0] % 2 else "tune"


def read(folder: Path, half: str, most: int | None = None) -> Judged:
    """All documents, and the half's queries that have a document graded above 0."""
    docs = [(one["id"], one["title"], one["text"]) for one in _lines(folder / "docs.jsonl.gz")]
    known = {one[0] for one in docs}
    grades: dict[str, dict[str, int]] = {}
    for row in _lines(folder / "qrels.jsonl.gz"):
        if row["doc"] in known and int(row["relevance"]) > 0:
            grades.setdefault(row["query"], {})[row["doc"]] = int(row["relevance"])
    queries = {
        one["id"]: one["text"]
        for one in _lines(folder / "queries.jsonl.gz")
        if one["id"] in grades and half in (half_of(one["id"]), "all")
    }
    return Judged(docs, dict(list(queries.items())[:most]), grades)


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], linear: bool = False) -> float:
    """Normalised discounted cumulative gain at 10 (Järvelin and Kekäläinen 2002).

    The gain is 2^grade - 1 (Burges 2005), or with `linear` the grade itself, as trec_eval's ndcg_cut has it.
    """

    def gain(grade: int) -> float:
        return float(grade) if linear else 2.0**grade - 1

    found = sum(gain(grades.get(doc, 0)) / math.log2(at + 2) for at, doc in enumerate(ranked[:DEPTH]))
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    return found / sum(gain(grade) / math.log2(at + 2) for at, grade in enumerate(best))


def recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Share of the relevant documents among the first ten."""
    return len(set(ranked[:DEPTH]) & grades.keys()) / len(grades)


def reciprocal(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the rank of the first relevant document among the first ten, else 0."""
    return next((1 / rank for rank, doc in enumerate(ranked[:DEPTH], 1) if doc in grades), 0.0)


def interval(ours: Sequence[float], theirs: Sequence[float], rounds: int = 2000) -> tuple[float, float]:
    """95 % interval of the mean difference ours - theirs, by paired bootstrap over the queries."""
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    pick, count = random.Random(1), len(differences)
    means = sorted(sum(pick.choices(differences, k=count)) / count for _ in range(rounds))
    return means[int(rounds * 0.025)], means[int(rounds * 0.975)]

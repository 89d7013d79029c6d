"""How well the right documents are ranked: ours beside SQLite FTS5, tantivy and bm25s, in one run.

    python bench/quality.py DATA [--sets cmrc,cranfield] [--half report|tune|all] [--only ours,fts5]

DATA holds a folder for each set with docs.jsonl.gz (id, title, text), queries.jsonl.gz (id, text) and
qrels.jsonl.gz (query, doc, relevance; higher is better). Half of the queries, chosen by a hash of their id, are
for tuning and the others are reported. Rivals get our tokens joined by spaces (stems; Han as characters and
pairs), title and text in one field, any of the query's tokens; "words we keep": of
those our parser keeps, without stop words. nDCG@10 takes 2^grade - 1 as gain, "linear" the grade, as trec_eval does.
CPU ms: of one query, in this process.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import judged  # noqa: E402
import rankers  # noqa: E402
from tables import table  # noqa: E402
from tokens import kept_tokens, query_tokens  # noqa: E402

SAME = "same tokens"
MAKERS: dict[str, Callable[[rankers.Documents, Path], rankers.Ranker]] = {
    "ours": rankers.ours,
    f"FTS5, {SAME}": lambda docs, _: rankers.fts5_same(docs, query_tokens),
    f"FTS5, {SAME}, words we keep": lambda docs, _: rankers.fts5_same(docs, kept_tokens),
    f"tantivy, {SAME}": lambda docs, _: rankers.tantivy_same(docs, query_tokens),
    f"tantivy, {SAME}, words we keep": lambda docs, _: rankers.tantivy_same(docs, kept_tokens),
    f"bm25s, {SAME}": lambda docs, _: rankers.bm25s_same(docs, query_tokens),
    f"bm25s, {SAME}, words we keep": lambda docs, _: rankers.bm25s_same(docs, kept_tokens),
    "FTS5 porter": lambda docs, _: rankers.fts5_porter(docs),
    "FTS5 trigram": lambda docs, _: rankers.fts5_trigram(docs),
    "tantivy en_stem": lambda docs, _: rankers.tantivy_stem(docs),
}
REFERENCE = ("FTS5 porter", "FTS5 trigram", "tantivy en_stem")  # rows that are no measure of the goal


class Scored:
    """What one system reached, query by query in one order."""

    def __init__(self, data: judged.Judged, rank: rankers.Ranker) -> None:
        self.ndcg: list[float] = []
        self.linear: list[float] = []
        self.recall: list[float] = []
        self.reciprocal: list[float] = []
        self.empty = 0
        self.missed: list[tuple[float, str]] = []
        began = time.process_time()
        ranked = {name: rank(text) for name, text in data.queries.items()}
        self.cpu_ms = (time.process_time() - began) * 1000 / max(1, len(ranked))
        for name, found in ranked.items():
            grades = data.grades[name]
            self.ndcg.append(judged.ndcg(found, grades))
            self.linear.append(judged.ndcg(found, grades, linear=True))
            self.recall.append(judged.recall(found, grades))
            self.reciprocal.append(judged.reciprocal(found, grades))
            self.empty += not found
            self.missed.append((self.ndcg[-1], name))


def measure(data: judged.Judged, names: list[str]) -> dict[str, Scored]:
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            found[name] = Scored(data, MAKERS[name](data.docs, Path(folder)))
    return found


def report(title: str, data: judged.Judged, found: dict[str, Scored]) -> None:
    mean = statistics.fmean
    rivals = [name for name in found if name != "ours" and name not in REFERENCE]
    best = max(rivals, key=lambda name: mean(found[name].ndcg), default=None)
    rows = []
    for name, one in found.items():
        values = (one.ndcg, one.linear, one.recall, one.reciprocal)
        row = [name, *(f"{mean(value):.4f}" for value in values)]
        ratio = mean(one.ndcg) / mean(found[best].ndcg) if best else 1.0
        rows.append([*row, f"{ratio:.3f}", str(one.empty), f"{one.cpu_ms:.2f}"])
    print(f"\n## {title}: {len(data.docs)} documents, {len(data.queries)} queries\n")
    header = ["system", "nDCG@10", "linear", "recall@10", "MRR@10", "nDCG / best rival", "empty", "CPU ms"]
    print(table(header, rows))
    if best and "ours" in found:
        low, high = judged.interval(found["ours"].ndcg, found[best].ndcg)
        print(f"\nours - {best}: {mean(found['ours'].ndcg) - mean(found[best].ndcg):+.4f} nDCG@10", end=" ")
        print(f"(95 % of paired resamples {low:+.4f} to {high:+.4f})")


def worst(data: judged.Judged, found: dict[str, Scored], number: int) -> None:
    """The queries where ours did worst, to look at."""
    print()
    for score, name in sorted(found["ours"].missed)[:number]:
        print(f"- {score:.3f} {name}: {data.queries[name]} -> {' '.join(list(data.grades[name])[:3])}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="cmrc,cranfield")
    parser.add_argument("--half", choices=["report", "tune", "all"], default="report")
    parser.add_argument("--only", default="", help="systems whose name begins so, separated by commas")
    parser.add_argument("--queries", type=int, help="at most so many")
    parser.add_argument("--worst", type=int, default=0, help="show so many of our worst queries")
    given = parser.parse_args()
    wanted = tuple(given.only.split(","))
    names = [name for name in MAKERS if name.startswith(wanted)]
    for name in given.sets.split(","):
        data = judged.read(given.data / name, given.half, given.queries)
        found = measure(data, names)
        report(f"{name}, {given.half} half", data, found)
        if given.worst and "ours" in found:
            worst(data, found, given.worst)


if __name__ == "__main__":
    main()

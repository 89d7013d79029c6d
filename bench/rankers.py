"""The systems whose ranking is compared: each takes documents once and then ranks ten for a query."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bm25s
import tantivy
from tokens import fts5_or, tokens

from kb.search.analysis import fold
from kb.search.interface import Filters, SearchDocument
from kb.search.language import parse
from kb.search.whoosh_index import SearchIndex

Documents = Sequence[tuple[str, str, str]]  # id, title, text
Ranker = Callable[[str], list[str]]  # a query to the ids found, best first
Words = Callable[[str], list[str]]
DEPTH = 10
SCOPE = "h:bench"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def ours(docs: Documents, folder: Path) -> Ranker:
    """`SearchIndex` over search documents, the title as title and the text as body; ids in small batches."""
    index = SearchIndex.create(folder / "ours")
    documents = [
        SearchDocument(f"note:{name}", "note", "bench", (SCOPE,), title, MOMENT, body=text)
        for name, title, text in docs
    ]
    for start in range(0, len(documents), 500):
        index.apply(documents[start : start + 500], [], start + 500)

    def rank(query: str) -> list[str]:
        found = index.search(parse(query), frozenset({SCOPE}), Filters(), DEPTH)
        return [hit.id.removeprefix("note:") for hit in found.hits]

    return rank


def _fts5(docs: Documents, tokenize: str, text_of: Callable[[str], str], query_of: Ranker) -> Ranker:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE VIRTUAL TABLE notes USING fts5(id UNINDEXED, text, tokenize = '{tokenize}')")
    rows = ((name, text_of(_whole(title, text))) for name, title, text in docs)
    base.executemany("INSERT INTO notes VALUES (?, ?)", rows)
    ask = "SELECT id FROM notes WHERE notes MATCH ? ORDER BY bm25(notes), rowid LIMIT ?"

    def rank(query: str) -> list[str]:
        words = query_of(query)
        return [row[0] for row in base.execute(ask, (fts5_or(words), DEPTH))] if words else []

    return rank


def fts5_same(docs: Documents, words: Words) -> Ranker:
    """FTS5 over our tokens."""
    return _fts5(docs, "unicode61 remove_diacritics 0", lambda text: " ".join(tokens(text)), words)


def fts5_porter(docs: Documents) -> Ranker:
    """FTS5 with its own words and Porter's stems."""
    return _fts5(docs, "porter unicode61", str, lambda query: re.findall(r"\w+", query))


def fts5_trigram(docs: Documents) -> Ranker:
    """FTS5 with its own trigrams: any three characters of a word or run of the query, as they stand there."""

    def windows(query: str) -> list[str]:
        runs = re.findall(r"\w+", fold(query).text)
        return list(dict.fromkeys(run[i : i + 3] for run in runs for i in range(len(run) - 2)))

    return _fts5(docs, "trigram", str, windows)


def _tantivy(docs: Documents, tokenizer: str, text_of: Callable[[str], str]) -> tuple[Any, Any]:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name=tokenizer, index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for name, title, text in docs:
        writer.add_document(tantivy.Document(id=name, text=text_of(_whole(title, text))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, schema


def _ids(index: Any, query: Any) -> list[str]:
    searcher = index.searcher()
    return [searcher.doc(address)["id"][0] for _score, address in searcher.search(query, DEPTH).hits]


def tantivy_same(docs: Documents, words: Words) -> Ranker:
    """tantivy over our tokens."""
    index, schema = _tantivy(docs, "whitespace", lambda text: " ".join(tokens(text)))

    def rank(query: str) -> list[str]:
        terms = [tantivy.Query.term_query(schema, "text", word, "freq") for word in words(query)]
        return _ids(index, tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms]))

    return rank


def tantivy_stem(docs: Documents) -> Ranker:
    """tantivy with its own `en_stem`."""
    index, _schema = _tantivy(docs, "en_stem", str)

    def rank(query: str) -> list[str]:
        plain = " ".join(re.findall(r"\w+", query))
        return _ids(index, index.parse_query_lenient(plain, ["text"])[0])

    return rank


def bm25s_same(docs: Documents, words: Words) -> Ranker:
    """bm25s (its default: Lucene's BM25, k1 1.5, b 0.75) over our tokens."""
    model = bm25s.BM25()
    model.index([tokens(_whole(title, text)) for _name, title, text in docs], show_progress=False)
    names = [name for name, _title, _text in docs]

    def rank(query: str) -> list[str]:
        found, _scores = model.retrieve([words(query)], k=DEPTH, show_progress=False)
        return [names[int(number)] for number in found[0]]

    return rank

"""The tokens every system in a bench is given: our stems, and for Han each character and each pair."""

from __future__ import annotations

from kb.search.analysis import fold, pieces, stem
from kb.search.language import parse
from kb.search.query import Sequence


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order; a rival gets them joined by spaces."""
    found: list[str] = []
    for word, _start, _end, han in pieces(fold(text).text):
        if han:
            found.extend(word[i : i + n] for i in range(len(word)) for n in (1, 2) if i + n <= len(word))
        else:
            found.append(stem(word))
    return found


def query_tokens(text: str) -> list[str]:
    """The tokens of a query, each once."""
    return list(dict.fromkeys(tokens(text)))


def kept_tokens(text: str) -> list[str]:
    """The tokens of the words our parser keeps of a query: without stop words, within its limits."""
    kept: list[str] = []
    for clause in parse(text).wanted:
        leaf = clause.leaf
        parts = leaf.parts if isinstance(leaf, Sequence) else (leaf,)
        kept.extend(token for part in parts for token in tokens(part.text))
    return list(dict.fromkeys(kept)) or query_tokens(text)


def fts5_or(words: list[str]) -> str:
    """An FTS5 query for any of the words; quoted, so that nothing in them is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)

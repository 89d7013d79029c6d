"""The tokens every system in a bench is given: our stems, and for Han each character and each pair."""

from __future__ import annotations

from kb.search.analysis import fold, pieces, stem
from kb.search.language import STOP_WORDS


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order; a rival gets them joined by spaces."""
    found: list[str] = []
    for word, _start, _end, han in pieces(fold(text).text):
        if han:
            found.extend(word[i : i + n] for i in range(len(word)) for n in (1, 2) if i + n <= len(word))
        else:
            found.append(stem(word))
    return found


def query_tokens(text: str, stops: bool = True) -> list[str]:
    """The tokens of a query, each once; without `stops` our stop words are dropped beside other words."""
    kept = []
    for word, _start, _end, han in pieces(fold(text).text):
        if stops or han or word not in STOP_WORDS:
            kept.append(word)
    return list(dict.fromkeys(token for word in kept for token in tokens(word))) or tokens(text)


def fts5_or(words: list[str]) -> str:
    """An FTS5 query for any of the words; quoted, so that nothing in them is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)

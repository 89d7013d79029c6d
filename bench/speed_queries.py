"""The searches of bench/speed.py, taken from notes that every size of collection holds."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

from notes_corpus import HAN, LATIN, Note, Sections
from tokens import kept_tokens, query_tokens, tokens

EIGHT, PAIRS, RARE = "8 words", "9 Han (8 pairs)", "one rare word"
WORD = re.compile(r"[A-Za-z]{3,}")
RUN = re.compile("[\u4e00-\u9fff]{9,}")


def _eight(note: Note) -> dict[str, Any] | None:
    """Eight words that follow each other in a note, stop words left out: eight tokens for everybody."""
    if HAN.search(note.body):
        return None
    found: dict[str, str] = {}
    for word in WORD.findall(note.body):
        (token,) = tokens(word)
        if kept_tokens(f"{word} zzzz") == [token, "zzzz"]:
            found.setdefault(token, word)
        if len(found) == 8:
            return {"text": " ".join(found.values()), "tokens": list(found)}
    return None


def _pairs(note: Note) -> dict[str, Any] | None:
    """Nine Han in a row; rivals are asked for its eight pairs only, not for the characters."""
    run = RUN.search(note.body)
    text = run[0][:9] if run else ""
    found = [token for token in query_tokens(text) if len(token) == 2]
    return {"text": text, "tokens": found} if len(found) == 8 else None


def searches(sections: Sections, notes: list[Note], number: int) -> dict[str, list[dict[str, Any]]]:
    """So many of each kind."""
    counts: Counter[str] = Counter()
    for row in sections.rows:
        counts.update(set(LATIN.findall(row["text"].lower())))
    pool = random.Random(3).sample(notes, len(notes))
    eight = [made for note in pool if (made := _eight(note))]
    pairs = [made for note in pool if (made := _pairs(note))]
    rare = [
        {"text": word, "tokens": tokens(word)}
        for note in pool
        for word in LATIN.findall(note.body.lower())[:40]
        if counts[word] in (1, 2) and len(word) > 6
    ]
    return {EIGHT: eight[:number], PAIRS: pairs[:number], RARE: rare[:number]}


def prefixes(notes: list[Note], number: int) -> list[str]:
    """What is typed on the way to a title: two to six letters, one to three Han."""
    pick = random.Random(4)
    found = []
    for note in pick.sample(notes, len(notes)):
        words = re.findall("[\u4e00-\u9fff]+|[A-Za-z]{3,}", note.title)
        if words:
            word = pick.choice(words)
            found.append(word[: pick.randint(1, 3) if HAN.match(word) else pick.randint(2, 6)])
    return found[:number]

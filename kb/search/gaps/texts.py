"""What two searches have to do with each other: the same, one typed on, a slip of the fingers, other words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz.distance import OSA

from kb.search.analysis import fold_value, stem
from kb.search.gaps.models import MOST_KEY, MOST_TEXT
from kb.search.language import parse
from kb.search.pinyin import syllables
from kb.search.query import Clause, Leaf, Prefix, Query, Sequence, Word

JOINED_WITHIN = timedelta(seconds=30)
MOST_EDITS = 2
LETTERS_PER_EDIT = 4  # in shorter ones another character is another word: 退款, 退货
SLIP = 0.7  # how alike two texts are whose difference is one of spelling
SHORTEST_TYPED, SHORTEST_TYPED_HAN = 3, 2  # what stands there for a moment is no search yet


@dataclass(frozen=True)
class Asked:
    """A search as typed, folded, and by what it asks for; `plain` where nothing but words was asked for."""

    text: str
    folded: str
    key: str
    plain: bool


def read(typed: str) -> Asked | None:
    """What a search says, of a long one the beginning; None if it says nothing."""
    text = " ".join("".join(char if char.isprintable() else " " for char in typed[: 4 * MOST_TEXT]).split())
    text = text[:MOST_TEXT]
    folded = fold_value(text)
    if not folded:
        return None
    query = parse(text)
    return Asked(text, folded, _key(query) or folded[:MOST_KEY], _is_plain(query))


def _key(query: Query) -> str:
    """The same for all that must find the same: words in any order and any form, each once."""
    said = [_clause(one) for one in query.clauses]
    said += [f"{'-' * one.negated}{one.name}:{one.value}" for one in query.fields]
    return " ".join(sorted(set(said)))[:MOST_KEY]


def _clause(clause: Clause) -> str:
    return "-" * clause.negated + "in:title " * clause.title + _leaf(clause.leaf)


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Sequence):
        words = " ".join(part.text for part in leaf.parts)
        return f'"{words}"' if leaf.strict else words
    if isinstance(leaf, Prefix):
        return f"{leaf.text}*"
    return stem(leaf.text) if isinstance(leaf, Word) else leaf.text


def _is_plain(query: Query) -> bool:
    """Whether it was narrowed down by nothing: else there may be what was looked for, only not there."""
    return bool(query.wanted) and not (
        query.fields or query.unwanted or any(clause.title for clause in query.wanted)
    )


def too_short(folded: str) -> bool:
    """Whether it is only the beginning of what somebody is about to type."""
    return len(folded) < (SHORTEST_TYPED if folded.isascii() else SHORTEST_TYPED_HAN)


def is_same_search(one: str, other: str) -> bool:
    """Whether of two folded texts, typed one soon after the other, one is the other typed on or mended."""
    short, long = sorted((one, other), key=len)
    if long.startswith(short):
        return True
    if _digits(one) != _digits(other):  # the next order number is another order
        return False
    edits = min(MOST_EDITS, len(long) // LETTERS_PER_EDIT)
    return edits > 0 and OSA.distance(one, other, score_cutoff=edits) <= edits


def _digits(folded: str) -> list[str]:
    return [char for char in folded if char.isdigit()]


def says_otherwise(missed: Asked, found: Asked) -> bool:
    """Whether two searches ask in other words: not the same spelt otherwise, with more words or with fewer."""
    one, other = missed.folded, found.folded
    if one in other or other in one or is_same_search(one, other) or _sound(one) == _sound(other):
        return False
    words, others = set(missed.key.split()), set(found.key.split())
    return not (words <= others or words >= others) and OSA.normalized_similarity(one, other) < SLIP


def _sound(folded: str) -> str:
    """How it is said, without tones: what sounds alike was meant to be the same."""
    return "".join((syllables(char) or (char,))[0] for char in folded if not char.isspace())

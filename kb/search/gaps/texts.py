"""What two searches have to do with each other: the same, one typed on, a slip of the fingers, other words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rapidfuzz.distance import OSA

from kb.search.analysis import fold_value, stem
from kb.search.gaps.models import MOST_KEY, MOST_TEXT
from kb.search.language import parse
from kb.search.pinyin import split, syllables
from kb.search.query import Clause, Leaf, Prefix, Query, Run, Sequence, Word

JOINED_WITHIN = timedelta(seconds=30)
MOST_EDITS = 2
LETTERS_PER_EDIT = 4  # in shorter ones another character is another word: 退款, 退货
SLIP = 0.7  # how alike two texts are whose difference is one of spelling
MOST_GAP = 120  # characters; what is longer was pasted and names no gap
FEW, FEW_HAN = 3, 4  # words, and characters of each, that one text must have all of
MOST_SAID = 20  # characters of what may be a word of the team
SHORTEST_TYPED, SHORTEST_TYPED_HAN = 3, 2  # what stands there for a moment is no search yet


@dataclass(frozen=True)
class Asked:
    """A search as typed, folded, and by what it asks for.

    `plain`: it is nothing but words, and they say something; `short`: few enough for one text to have all.
    """

    text: str
    folded: str
    key: str
    plain: bool
    short: bool = False


def read(typed: str) -> Asked | None:
    """What a search says, of a long one the beginning; None if it says nothing."""
    text = " ".join("".join(char if char.isprintable() else " " for char in typed[: 4 * MOST_TEXT]).split())
    text = text[:MOST_TEXT]
    folded = fold_value(text)
    if not folded:
        return None
    query = parse(text)
    if not query.wanted and not query.lists_all:  # marks only, or nothing but what is to be left out
        return None
    return Asked(text, folded, _key(query) or folded[:MOST_KEY], _is_plain(query), _is_short(query))


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
    """Whether somebody just named what they looked for: with nothing of the query language, nor pasted."""
    if query.fields or query.unwanted or len(query.source) > MOST_GAP:
        return False
    leaves = [clause.leaf for clause in query.wanted]
    asked_exactly = any(
        clause.title
        or isinstance(clause.leaf, Prefix)
        or (isinstance(clause.leaf, Sequence) and clause.leaf.strict)
        for clause in query.wanted
    )
    return not asked_exactly and any(_says_something(leaf) for leaf in leaves)


def _says_something(leaf: Leaf) -> bool:
    """Whether it is more than letters, or a figure or two."""
    if isinstance(leaf, Sequence):
        return any(_says_something(part) for part in leaf.parts)
    return isinstance(leaf, Run) or (len(leaf.text) > 1 and not (leaf.text.isdigit() and len(leaf.text) < 3))


def _is_short(query: Query) -> bool:
    leaves = [clause.leaf for clause in query.wanted]
    return len(leaves) <= FEW and not any(
        isinstance(leaf, Run) and len(leaf.text) > FEW_HAN for leaf in leaves
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
    if one in other or other in one or is_same_search(one, other) or _sounds_alike(one, other):
        return False
    words, others = set(missed.key.split()), set(found.key.split())
    return not (words <= others or words >= others) and OSA.normalized_similarity(one, other) < SLIP


def may_be_a_word(asked: Asked) -> bool:
    """Whether it may be a word the team uses: short, of letters or Han, and not typed in pinyin."""
    text = asked.folded
    return (
        asked.plain
        and len(asked.text) <= MOST_SAID
        and not any(char.isdigit() for char in text)
        and not _is_pinyin(text)
    )


def _is_pinyin(folded: str) -> bool:
    ways = [split(word) for word in folded.split()]
    return all(ways) and sum(len(way[0]) for way in ways) > 1


def _sounds_alike(one: str, other: str) -> bool:
    """Whether both are said alike; what is typed by sound may have a slip in it."""
    said, otherwise = _sound(one), _sound(other)
    if said == otherwise:
        return True
    return one.isascii() != other.isascii() and OSA.distance(said, otherwise, score_cutoff=1) <= 1


def _sound(folded: str) -> str:
    """How it is said, without tones: what sounds alike was meant to be the same."""
    return "".join((syllables(char) or (char,))[0] for char in folded if not char.isspace())

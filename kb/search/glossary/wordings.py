"""One word of the glossary as search looks it up: its words and runs of Han, and what they are compared by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.search.analysis import fold, pieces, stem
from kb.search.asking import STOP_WORDS
from kb.search.query import Leaf, Prefix, Run, Sequence, Word

Parts = tuple[Word | Run, ...]
# What terms are compared by: stems of words and runs of Han as they follow each other, without stop words:
# refunds as refund, "terms of service" as "terms service".
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A word as written, its parts, the leaf that finds it, and its key."""

    word: str
    parts: Parts
    leaf: Leaf
    key: Key


def wording(word: str) -> Wording:
    """A word of the glossary."""
    parts: Parts = tuple(
        Run(piece.text) if piece.han else Word(piece.text) for piece in pieces(fold(word).text)
    )
    return Wording(word, parts, leaf_of(parts, strict=True), key_of(parts))


def leaf_of(parts: Parts, *, strict: bool) -> Leaf:
    """One word or run is looked up by itself, several as a sequence."""
    return parts[0] if len(parts) == 1 else Sequence(parts, strict=strict)


def parts_of(leaf: Leaf) -> Parts:
    """The words and runs of a leaf; the beginning of a word counts as the word, which may be typed to its end."""
    if isinstance(leaf, Sequence):
        return leaf.parts
    return (Word(leaf.text),) if isinstance(leaf, Prefix) else (leaf,)


def key_of(parts: Parts) -> Key:
    """What terms are compared by."""
    telling = [part for part in parts if isinstance(part, Run) or part.text not in STOP_WORDS]
    return tuple(part.text if isinstance(part, Run) else stem(part.text) for part in telling or parts)


def glued(parts: Iterable[Word | Run]) -> Parts:
    """Runs of Han that touch made one: nothing stands between them in a text either."""
    made: list[Word | Run] = []
    for part in parts:
        if made and isinstance(part, Run) and isinstance(made[-1], Run):
            made[-1] = Run(made[-1].text + part.text)
        else:
            made.append(part)
    return tuple(made)


def holds(leaf: Leaf, asked: Leaf) -> bool:
    """Whether whatever has `leaf` in it has `asked` in it too (退货退款 has 退款), so that it need not be looked up."""
    parts = parts_of(leaf)
    if isinstance(asked, Run):
        return any(isinstance(part, Run) and asked.text in part.text for part in parts)
    if isinstance(asked, Sequence):
        return leaf == asked
    return stem(asked.text) in key_of(parts)

"""The query language: words, "phrases", -word, refu*, in:title, typed filters (kb.search.fields); else text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from kb.search.analysis import Piece, fold, fold_value, pieces
from kb.search.asking import FRAME, STOP_WORDS, asks, only_asks, told
from kb.search.fields import PATTERN, TITLE, UPDATED, meanings, read_field
from kb.search.query import Clause, FieldTerm, Leaf, Prefix, Query, Run, Sequence, Word

MAX_CHARS = 4000  # an error message pasted whole still fits
MAX_UNITS = 48  # index terms looked up for one query
MAX_CLAUSES = 40
MAX_FIELDS = 16

# Full-width quotation marks become plain ones when folded.
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'))
# A minus before one letter is an option of a command: tar -x.
_PUNCTUATION = re.compile(r"(?:(?<=\w)[“「]([^“”「」]*)[”」]|[“「]([^“”「」]*)[”」](?=\w))")
_TOKEN = re.compile(
    rf"""(?P<minus>(?<!\S)-(?![a-z](?![^\W_]))(?=[^\W\d]|"))?
        (?: (?<![^\s"-])(?P<title>in:(?:title|标题)(?!\S)|(?:title|标题):(?=[^\s:"]|"[^"\s]))
          | (?<![^\s"-])(?P<field>{PATTERN}):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))
          | "(?P<phrase>[^"]*)"
          | (?P<chunk>[^\s"]+)
          | (?P<space>["\s]) )""",
    re.VERBOSE,
)
_JOINER = re.compile(r"[-._/@\\+#~%]{1,3}")  # between the words of an order number, a path, an address


def parse(text: str) -> Query:
    """Read what a person typed; never raises, and what is not understood is searched as text."""
    # Some characters fold to eighteen.
    folded = fold(straight_quotes(text[:MAX_CHARS])).text[:MAX_CHARS]
    clauses: list[Clause] = []
    fields: list[FieldTerm] = []
    title = negated_title = False
    for match in _TOKEN.finditer(folded):
        if match["space"]:
            continue
        negated = match["minus"] is not None
        field = _field(match, negated)
        if field is not None and field.name != TITLE:
            fields.append(field)
            continue
        if field is not None and _follows(folded, match.end()):
            title, negated_title = True, negated
            continue
        if negated:
            found = _as_one(list(_leaves(match)))
        else:
            found = list(_leaves(match) if match["phrase"] is not None else _telling(_leaves(match)))
        clauses.extend(Clause(leaf, negated or (title and negated_title), title) for leaf in found)
        if found:
            title = negated_title = False
    # Days are filters of the request; the index knows no typed ones.
    kept = tuple(dict.fromkeys(field for field in fields[:MAX_FIELDS] if field.name != UPDATED))
    return Query(text, tuple(_limited(_without_small_words(clauses))), kept)


def _as_one(leaves: list[Leaf]) -> list[Leaf]:
    """What is typed in one piece behind a minus is unwanted in one piece: -双11 leaves 双 and 11 alone."""
    if len(leaves) < 2 or any(isinstance(leaf, Prefix) for leaf in leaves):
        return leaves
    parts = [part for leaf in leaves for part in (leaf.parts if isinstance(leaf, Sequence) else (leaf,))]
    return [Sequence(tuple(part for part in parts if not isinstance(part, Prefix)), strict=True)]


def straight_quotes(text: str) -> str:
    """Full-width quotation marks as plain ones; as spaces where words stand right beside them.

    In “奥卡姆剃刀”的内容是什么 they are punctuation, and no phrase is asked for. The length stays the same.
    """

    def within_a_sentence(match: re.Match[str]) -> str:
        return f" {match[1] or match[2] or ''} "

    return _PUNCTUATION.sub(within_a_sentence, text).translate(_QUOTES)


def _follows(folded: str, end: int) -> bool:
    """Whether a word is left for in:title to bind to."""
    return next(pieces(folded[end:]), None) is not None


def _field(match: re.Match[str], negated: bool) -> FieldTerm | None:
    """The typed filter, or what binds the next word to titles; None if it must be read as text."""
    if match["title"]:
        return FieldTerm(TITLE, "", negated)
    if match["field"] is None:
        return None
    value = fold_value(match["quoted"] if match["quoted"] is not None else match["bare"] or "")
    read = read_field(match["field"], value)
    # Nothing is known of days before one.
    return None if read is None or (negated and read[0] == UPDATED) else FieldTerm(*read, negated)


class TypedField(NamedTuple):
    """A typed filter as it stands in a text, from start to end; `term` is None where only its name is known."""

    name: str
    raw: str  # the value as typed
    term: FieldTerm | None
    negated: bool
    start: int
    end: int


def typed_fields(text: str) -> Iterator[TypedField]:
    """The typed filters of a text, those with unknown values too, in order."""
    source = fold(straight_quotes(text[:MAX_CHARS]))
    for match in _TOKEN.finditer(source.text[:MAX_CHARS]):
        if match["field"] is not None:
            negated = match["minus"] is not None
            value = "quoted" if match["quoted"] else "bare"
            if match[value]:
                first, last = source.source(*match.span(value))
                start, end = source.source(*match.span())
                term = _field(match, negated)
                name = term.name if term else meanings(match["field"])[0]
                yield TypedField(name, text[first:last], term, negated, start, end)


def _leaves(match: re.Match[str]) -> Iterator[Leaf]:
    if match["phrase"] is not None:
        parts = tuple(_plain(piece) for piece in pieces(match["phrase"]))
        if len(parts) == 1 and isinstance(parts[0], Word):
            yield parts[0]
        elif parts:
            yield Sequence(parts, strict=True)
    else:
        text = match["chunk"] or match[0].removeprefix("-" if match["minus"] else "")
        yield from _chunk(text)


def _telling(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Runs of Han without the words of a question."""
    for leaf in leaves:
        if isinstance(leaf, Run):
            yield from map(Run, told(leaf.text))
        else:
            yield leaf


def _plain(piece: Piece) -> Word | Run:
    return Run(piece.text) if piece.han else Word(piece.text)


def _chunk(text: str) -> Iterator[Leaf]:
    """A piece of typing without spaces: Han runs, words, words joined as in order numbers, a prefix."""
    found = list(pieces(text))
    prefix = found.pop() if found and _is_prefix(found[-1], text) else None
    group: list[Piece] = []
    for piece in found:
        joined = group and not piece.han and _JOINER.fullmatch(text, group[-1].end, piece.start)
        if group and not joined:
            yield _joined(group)
            group = []
        if piece.han:
            yield Run(piece.text)
        else:
            group.append(piece)
    if group:
        yield _joined(group)
    if prefix is not None:
        yield Prefix(prefix.text)


def _is_prefix(last: Piece, text: str) -> bool:
    return not last.han and last.end - last.start > 1 and text[last.end :] == "*"


def _joined(group: list[Piece]) -> Leaf:
    words = tuple(Word(piece.text) for piece in group)
    return words[0] if len(words) == 1 else Sequence(words, strict=False)


def _without_small_words(clauses: list[Clause]) -> list[Clause]:
    """The clauses that say something; all of them if none does."""
    words = [c.leaf.text for c in clauses if isinstance(c.leaf, Word) and not c.negated]
    asked = asks(words)
    kept = [c for c in clauses if not _is_small(c, asked=asked)]
    if asked and not any(not c.negated for c in kept):
        kept = [c for c in clauses if not _is_small(c, asked=False)]
    return kept if any(not c.negated for c in kept) else clauses


def _is_small(clause: Clause, *, asked: bool) -> bool:
    """Whether a clause says nothing beside others; `asked` where they make a question."""
    leaf = clause.leaf
    if clause.negated or not isinstance(leaf, Word | Run):
        return False
    if isinstance(leaf, Run):
        return only_asks(leaf.text)
    return leaf.text in STOP_WORDS or (asked and leaf.text in FRAME)


def _limited(clauses: list[Clause]) -> Iterator[Clause]:
    """Each clause once, as many as the budget of looked-up terms allows; what is unwanted has half of it first."""
    unique = list(dict.fromkeys(clauses))
    kept: dict[Clause, Clause] = {}
    budget, spare = MAX_UNITS // 2, MAX_UNITS - MAX_UNITS // 2
    for negated in (True, False):
        for clause in [one for one in unique if one.negated == negated][:MAX_CLAUSES]:
            leaf = clause.leaf.within(budget)
            if leaf is None:
                break
            budget -= leaf.units
            kept[clause] = clause if leaf is clause.leaf else replace(clause, leaf=leaf)
        budget += spare
    return (kept[clause] for clause in unique if clause in kept)

"""Changes of a note's Markdown that may put other words in the place of a passage, the smallest first; to be tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.annotations.source_map import Chunk, SourceMap
from kb.notes.sequences import opcodes
from kb.notes.words import tokens

MOST_PIECES = 40  # words changed apart within one passage
MOST_OCCURRENCES = 8
CLOSING = " \n\t.,;:!?)"  # no space stands before these
_OPENS = re.compile(r"[*_~`\[!\\]*\Z")
_CLOSES = re.compile(r"[*_~`]*(?:\]\([^()\n]*\)|\]\]|\]\[[^\]\n]*\])?[*_~`]*")
_WIKILINK = re.compile(r"\[\[([^\[\]\n|\\]+)(?:\\?\|([^\[\]\n|]+))?\]\]")
_SPECIAL = re.compile(r"[\\`*_\[\]<>~&^|]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


@dataclass(frozen=True)
class Change:
    """A passage [start, end) of a note's canonical text, and the words that shall stand there."""

    source: str
    text: str
    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class _Piece:
    """Words of the text, and those for their place."""

    start: int
    end: int
    words: str


def places(change: Change, known: SourceMap) -> Iterator[str]:
    """The note's Markdown with the words put where they may belong."""
    if not change.replacement.strip():
        yield from _gone(change, known)
    else:
        yield from _in_link(change, known)
        for pieces in _cuts(change):
            yield from _put(change, known, pieces)
    yield from _around_markup(change, known)
    yield from _where_it_is_written(change, known)


def _cuts(change: Change) -> Iterator[list[_Piece]]:
    """The passage by its words that differ, by what differs in all, and as a whole."""
    stood, shall = tokens(change.text[change.start : change.end]), tokens(change.replacement)
    at = [change.start]
    for word in stood:
        at.append(at[-1] + len(word))
    codes = [code for code in opcodes(stood, shall) if code[0] != "equal"]
    if codes and len(codes) <= MOST_PIECES:
        yield [_Piece(at[i], at[j], "".join(shall[k:m])) for _tag, i, j, k, m in codes]
    if codes:
        (_, i, _, k, _), (_, _, j, _, m) = codes[0], codes[-1]
        yield [_Piece(at[i], at[j], "".join(shall[k:m]))]
    yield [_Piece(change.start, change.end, change.replacement)]


def _in_link(change: Change, known: SourceMap) -> Iterator[str]:
    """Within the name of a link to a note: it goes on leading where it led."""
    low, chunk = _place(known, change.start), known.chunk(change.start)
    if low is None or chunk is None or chunk.code:
        return
    high = low + change.end - change.start
    for link in _WIKILINK.finditer(change.source, chunk.low, chunk.high):
        start, end = link.span(2 if link[2] else 1)
        if start <= low and high <= end:
            label = change.source[start:low] + change.replacement + change.source[high:end]
            parted = "\\|" if chunk.row else "|"
            yield (
                change.source[: link.start()] + f"[[{link[1]}{parted}{label}]]" + change.source[link.end() :]
            )


def _put(change: Change, known: SourceMap, pieces: list[_Piece]) -> Iterator[str]:
    spans = [_spans(change.source, known, piece, piece.start == change.start) for piece in pieces]
    if not all(spans):
        return
    first = known.chunk(change.start)
    for choice in range(max(len(one) for one in spans)):
        chosen = [one[min(choice, len(one) - 1)] for one in spans]
        for spelling in _spellings([piece.words for piece in pieces], first):
            yield _written(change.source, chosen, spelling)


def _written(source: str, spans: list[tuple[int, int]], words: list[str]) -> str:
    parts, at = [], 0
    for (low, high), word in sorted(zip(spans, words, strict=True)):
        parts += [source[at:low], word]
        at = max(at, high)
    return "".join([*parts, source[at:]])


def _spans(source: str, known: SourceMap, piece: _Piece, leading: bool = False) -> list[tuple[int, int]]:
    """Where a piece may stand in the source: the words alone first, then with the marking on either side.

    leading: the passage begins with it, so what is put in stands within the passage's marking, not before it.
    """
    if piece.start == piece.end:
        after, before = _place(known, piece.start - 1), _place(known, piece.start)
        beside = [None if after is None else after + 1, before]
        return [(at, at) for at in (reversed(beside) if leading else beside) if at is not None]
    first, last = known.chunk(piece.start), known.chunk(piece.end - 1)
    if first is None or last is None:
        return []
    starts, ends = _starts(source, first, piece.start), _ends(source, last, piece.end)
    return list(dict.fromkeys((low, high) for low in starts for high in ends if low < high))


def _place(known: SourceMap, position: int) -> int | None:
    chunk = known.chunk(position) if position >= 0 else None
    return chunk.place(position) if chunk else None


def _starts(source: str, chunk: Chunk, position: int) -> list[int]:
    tight, before = chunk.place(position), chunk.place(position - 1)
    loose = None if before is None else before + 1
    if position == chunk.start and tight is not None:
        loose = chunk.low + _opening(source[chunk.low : tight])
    return list(dict.fromkeys(at for at in (tight, loose) if at is not None))


def _opening(ahead: str) -> int:
    found = _OPENS.search(ahead)
    return found.start() if found else len(ahead)


def _ends(source: str, chunk: Chunk, position: int) -> list[int]:
    """Behind the last word, behind its marking, before the word after."""
    at = chunk.place(position - 1)
    tight = None if at is None else at + 1
    closing = _CLOSES.match(source, tight, chunk.high) if tight is not None else None
    ends = [tight, closing.end() if closing else None, chunk.place(position)]
    return list(dict.fromkeys(at for at in ends if at is not None))


def _spellings(words: list[str], chunk: Chunk | None) -> Iterator[list[str]]:
    """Words as they may have to be written: as they are, then escaped, the sparing way first."""
    seen: list[list[str]] = []
    if chunk and chunk.code:
        yield words
        return

    def escaped(pattern: re.Pattern[str], word: str) -> str:
        return pattern.sub(lambda found: "\\" + found[0], word)

    row = chunk is not None and chunk.row
    for shape in (
        lambda word: word.replace("|", "\\|") if row else word,
        lambda word: escaped(_SPECIAL, word),
        lambda word: escaped(_PUNCTUATION, word),
    ):
        for line in ("\n", "\\\n", " "):
            made = [shape(word).replace("\n", line) for word in words]
            if made not in seen:
                seen.append(made)
                yield made


def _gone(change: Change, known: SourceMap) -> Iterator[str]:
    """Without the passage: with its lines where it fills them, with a space where one is left over."""
    first, last = known.chunk(change.start), known.chunk(change.end - 1)
    if first is None or last is None:
        return
    source = change.source
    if change.start == first.start and change.end == last.end:
        high = last.high + 1
        if source[: first.low].endswith("\n\n") or not first.low:
            while source[high : high + 1] == "\n":
                high += 1
        yield source[: first.low] + source[high:]
    for low, high in _spans(source, known, _Piece(change.start, change.end, "")):
        if source[high : high + 1] == " " and source[low - 1 : low] in (" ", "\n", ""):
            yield source[:low] + source[high + 1 :]
        elif source[low - 1 : low] == " " and (high == len(source) or source[high] in CLOSING):
            yield source[: low - 1] + source[high:]
        yield source[:low] + source[high:]


def _around_markup(change: Change, known: SourceMap) -> Iterator[str]:
    """The passage as a whole, keeping the marking within it: it may begin or end there."""
    first = known.chunk(change.start)
    for low, high in _spans(change.source, known, _Piece(change.start, change.end, ""))[:1]:
        there = {_place(known, at) for at in range(change.start, change.end)}
        kept = "".join(
            sign for at, sign in enumerate(change.source[low:high], low) if at not in there and sign in "*_~`"
        )
        if not kept:
            return
        for (words,) in _spellings([change.replacement], first):
            yield change.source[:low] + words + kept + change.source[high:]
            yield change.source[:low] + kept + words + change.source[high:]


def _where_it_is_written(change: Change, known: SourceMap) -> Iterator[str]:
    """Every place where the passage stands letter by letter: in its block, or anywhere where that is not known."""
    chunk = known.chunk(change.start)
    passage = change.text[change.start : change.end]
    low, high = (chunk.low, chunk.high) if chunk else (0, len(change.source))
    at, tried = low - 1, 0
    while tried < MOST_OCCURRENCES:
        at = change.source.find(passage, at + 1, high)
        if at < 0:
            return
        tried += 1
        for (words,) in _spellings([change.replacement], chunk):
            yield change.source[:at] + words + change.source[at + len(passage) :]

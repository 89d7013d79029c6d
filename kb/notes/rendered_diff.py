"""What changed between two rendered notes, as a reader sees it: paragraph by paragraph, words within; bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from kb.markdown import Rendered
from kb.notes.blocks import Block, BlockKind, blocks_of
from kb.notes.diff import groups
from kb.notes.pairing import Effort, Within, paired, within
from kb.notes.readable import line_changes
from kb.notes.sequences import Opcode
from kb.notes.words import tokens, weight

MOST_BLOCKS = 2000  # shown
SAME = ("equal", "restyled")  # tags of blocks whose words are the same
MOVED = 8  # of kb.notes.words.weight: shorter blocks stand at two places by chance


class Change(StrEnum):
    """What became of a block."""

    KEPT = "kept"
    RESTYLED = "restyled"  # the same words, other marking or another link
    CHANGED = "changed"  # words of it
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # stands here now
    MOVED_AWAY = "moved_away"  # stood here


class Piece(StrEnum):
    """What became of some words."""

    SAME = "same"
    INS = "ins"
    DEL = "del"


@dataclass(frozen=True)
class ShownBlock:
    """A block with its words in pieces; those of `del` come before the `ins` that replaced them."""

    change: Change
    kind: BlockKind
    level: int
    pieces: tuple[tuple[Piece, str], ...]
    marker: str = ""


@dataclass(frozen=True)
class Stretch:
    """Changed blocks with what stands around them; `skipped` unchanged blocks come before."""

    skipped: int
    blocks: tuple[ShownBlock, ...]


@dataclass(frozen=True)
class RenderedDiff:
    """All stretches; `unshown` blocks were left out at the end."""

    stretches: tuple[Stretch, ...]
    unshown: int = 0


def rendered_diff(old: Rendered | str, new: Rendered | str, context: int | None = 1) -> RenderedDiff:
    """The changes from one rendered note (or canonical text) to another; context None: with all that is unchanged."""
    before, after = blocks_of(old), blocks_of(new)
    codes = _restyled(line_changes([b.text for b in before], [b.text for b in after]), before, after)
    moved = _moved(codes, before, after)
    effort = Effort()
    around = max(len(before), len(after)) if context is None else context
    stretches: list[Stretch] = []
    shown = unshown = at = 0
    for group in groups(codes, around):
        blocks = (block for code in group for block in _shown(code, before, after, moved, effort))
        kept = tuple(islice(blocks, MOST_BLOCKS - shown))
        shown += len(kept)
        of_both = sum(j - i + (m - k) * (tag not in SAME) for tag, i, j, k, m in group)
        unshown += of_both - sum(1 + (block.change is Change.CHANGED) for block in kept)
        if kept:
            stretches.append(Stretch(group[0][1] - at, kept))
        at = group[-1][2]
    return RenderedDiff(tuple(stretches), unshown)


def _restyled(codes: list[Opcode], before: Sequence[Block], after: Sequence[Block]) -> list[Opcode]:
    """Equal runs cut where a block is set otherwise; the tag of such a block is "restyled"."""
    out: list[Opcode] = []
    for tag, i, j, k, m in codes:
        if tag != "equal":
            out.append((tag, i, j, k, m))
            continue
        start = i
        for at in range(i, j):
            if before[at] != after[k + at - i]:
                if at > start:
                    out.append(("equal", start, at, k + start - i, k + at - i))
                out.append(("restyled", at, at + 1, k + at - i, k + at - i + 1))
                start = at + 1
        if j > start:
            out.append(("equal", start, j, k + start - i, m))
    return out


def _moved(codes: Sequence[Opcode], before: Sequence[Block], after: Sequence[Block]) -> frozenset[str]:
    """Texts that were removed at one place and added at one other."""
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    for tag, i, j, k, m in codes:
        if tag not in SAME:
            gone.update(block.text for block in before[i:j])
            come.update(block.text for block in after[k:m])
    once = (text for text, number in gone.items() if number == come[text] == 1)
    return frozenset(text for text in once if sum(map(weight, tokens(text[:200]))) >= MOVED)


def _shown(
    code: Opcode, before: Sequence[Block], after: Sequence[Block], moved: frozenset[str], effort: Effort
) -> Iterator[ShownBlock]:
    tag, i, j, k, m = code
    if tag in SAME:
        change = Change.KEPT if tag == "equal" else Change.RESTYLED
        yield from (_whole(block, change, Piece.SAME) for block in after[k:m])
        return
    # What moved finds its counterpart elsewhere.
    rest = [replace(block, text="") if block.text in moved else block for block in before[i:j]]
    others = [replace(block, text="") if block.text in moved else block for block in after[k:m]]
    for left, right in paired([b.text for b in rest], [b.text for b in others], effort):
        one = before[i + left] if left is not None else None
        two = after[k + right] if right is not None else None
        still = one is not None and one.text in moved, two is not None and two.text in moved
        found = within(one.text, two.text, effort) if one and two and not any(still) else None
        if found and two:
            yield ShownBlock(Change.CHANGED, two.kind, two.level, tuple(_pieces(found)), two.marker)
            continue
        if one:
            yield _whole(one, Change.MOVED_AWAY if still[0] else Change.REMOVED, Piece.DEL)
        if two:
            yield _whole(two, Change.MOVED if still[1] else Change.ADDED, Piece.INS)


def _whole(block: Block, change: Change, piece: Piece) -> ShownBlock:
    pieces = ((piece, block.text),) if block.text else ()
    return ShownBlock(change, block.kind, block.level, pieces, block.marker)


def _pieces(found: Within) -> Iterator[tuple[Piece, str]]:
    for tag, i, j, k, m in found.changes:
        if tag == "equal":
            yield Piece.SAME, "".join(found.old[i:j])
            continue
        if j > i:
            yield Piece.DEL, "".join(found.old[i:j])
        if m > k:
            yield Piece.INS, "".join(found.new[k:m])

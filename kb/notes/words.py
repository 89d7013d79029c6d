"""Words of a text as changes are told in: Han and kana one by one, other scripts by words, numbers whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.notes.sequences import Opcode

_HAN = "\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_MARKS = "\u0300-\u036f"
TOKENS = re.compile(
    rf"[{_HAN}]"
    r"|[0-9]+(?:[.,:/-][0-9]+)*"  # 12.5, 10:30, 2026-05-01: one digit less is another number
    rf"|[^\W0-9{_HAN}](?:[^\W{_HAN}]|[{_MARKS}])*"
    r"|\n|[^\S\n]+"
    # what is drawn as one: accents, variation selectors, skin tones, joined emoji
    rf"|.(?:[{_MARKS}\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d.)*",
    re.S,
)
_IDEOGRAPH = re.compile(rf"[{_HAN}]")
ALIKE = 0.4  # of two passages that say the same in other words, at least this much is kept


def tokens(text: str) -> list[str]:
    """The text in pieces; joined they are the text again."""
    return TOKENS.findall(text)


def weight(token: str) -> int:
    """How much a token holds two changes apart: a word as much as two Han characters, marks and spaces nothing."""
    if _IDEOGRAPH.match(token):
        return 1
    return 2 if token[0].isalnum() or token[0] == "_" else 0


def alike(a: Sequence[str], b: Sequence[str], changes: Sequence[Opcode]) -> bool:
    """Whether enough is the same for the two to be shown as one text that was changed."""
    kept = sum(_size(a, i, j) for tag, i, j, _k, _m in changes if tag == "equal")
    return 2 * kept >= ALIKE * (_size(a, 0, len(a)) + _size(b, 0, len(b)))


def _size(items: Sequence[str], start: int, end: int) -> int:
    return sum(len(item) for item in items[start:end] if not item.isspace())

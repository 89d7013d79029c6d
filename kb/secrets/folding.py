"""A text as it is looked through: widths, invisible signs and traditional characters make no difference to a secret."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

# Where letters, digits, spaces and signs stand that look or read like ASCII, or cannot be seen at all.
_RANGES = (
    (0xA0, 0xBF), (0x34F, 0x350), (0x61C, 0x61D), (0x115F, 0x1161), (0x17B4, 0x17B6), (0x180B, 0x180F),
    (0x2000, 0x2070), (0x2100, 0x2150), (0x3000, 0x3001), (0x3164, 0x3165), (0xFE00, 0xFE10),
    (0xFEFF, 0xFF5F), (0xFFA0, 0xFFA1), (0x1D400, 0x1D800),
)  # fmt: skip
_PUNCTUATION = "！（），．：；？。、…"  # it ends a sentence or a value in Chinese, and stays what it is
_UNSEEN = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}
# The characters of labels and of what joins them to a value; the rest of the language is not needed here.
_TRADITIONAL = dict(
    zip(
        "碼鑰權驗證門設為爲帳賬號戶統還舊個時條項級錄預",
        "码钥权验证门设为为帐账号户统还旧个时条项级录预",
        strict=True,
    )
)


def _table() -> dict[int, str]:
    """Each character that is folded: by exactly one, or by nothing."""
    table = {ord(one): other for one, other in _TRADITIONAL.items()}
    for start, end in _RANGES:
        for one in map(chr, range(start, end)):
            plain, category = unicodedata.normalize("NFKC", one), unicodedata.category(one)
            if one in _UNSEEN or category == "Cf":
                table[ord(one)] = ""
            elif one not in _PUNCTUATION and category != "No" and len(plain) == 1 and " " <= plain <= "~":
                table[ord(one)] = plain
    return table


_FOLDED = _table()
_REMOVED = frozenset(chr(code) for code, other in _FOLDED.items() if not other)


class Folded:
    """A folded text, and where each of its characters stood."""

    def __init__(self, text: str) -> None:
        self.text = text if text.isascii() else text.translate(_FOLDED)
        self._gone: list[int] = []  # for each sign left out: how much of the folded text stands before it
        if len(self.text) < len(text):
            places = [place for place, one in enumerate(text) if one in _REMOVED]
            self._gone = [place - number for number, place in enumerate(places)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the folded text in the text as it was; `end` is exclusive in both."""
        return start + bisect_right(self._gone, start), end + bisect_right(self._gone, end - 1)

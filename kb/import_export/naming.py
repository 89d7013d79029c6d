"""Names of files in an export: readable, the same everywhere, and safe on Windows."""

from __future__ import annotations

import re
import unicodedata

MOST = 80  # characters of a name without its ending
_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def safe_name(title: str, otherwise: str = "untitled") -> str:
    """A title as a name: no separators, controls or direction marks, no device of Windows, no dot at either end."""
    text = unicodedata.normalize("NFC", title)
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = _NOT_ON_WINDOWS.sub("-", text)
    text = " ".join(text.split())[:MOST].strip(" .-")
    if not text:
        return otherwise
    return f"_{text}" if _RESERVED.fullmatch(text.partition(".")[0].strip()) else text


class Names:
    """Names given so far; two that differ in case only are one on many systems."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, stem: str, ending: str) -> str:
        """A name not given yet: `stem` + `ending`, else with a number between."""
        number = 1
        name = f"{stem}{ending}"
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem} {number}{ending}"
        self._taken.add(name.casefold())
        return name

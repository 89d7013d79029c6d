"""How [[links]] find notes by title."""

from __future__ import annotations

import unicodedata


def title_key(title: str) -> str:
    """A title as links compare it: width, case and white space do not matter; at most 200 characters."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())[:200]

"""A mark on a text, and where it stands in the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["anchored", "changed", "orphaned"]


@dataclass(frozen=True)
class Mark:
    """A mark on the old text: the words first marked, what stood around them, where it stands (None: orphaned)."""

    quote: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Placed:
    """Where a mark stands in the new text, in code points, and what stands there; nothing of an orphan."""

    status: Status
    start: int | None
    end: int | None
    exact: str | None


ORPHAN = Placed("orphaned", None, None, None)

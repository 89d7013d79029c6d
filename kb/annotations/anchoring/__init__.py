"""Where marks stand: quotes in a text, and marks from one saved text to the next. Pure, no database."""

from __future__ import annotations

from kb.annotations.anchoring.carrier import Carrier, carry
from kb.annotations.anchoring.marks import Mark, Placed, Status
from kb.annotations.anchoring.quotes import (
    MOST_PLACES,
    Passages,
    Span,
    as_it_stands,
    locate,
    relocate,
    surroundings,
)

__all__ = [
    "MOST_PLACES",
    "Carrier",
    "Mark",
    "Passages",
    "Placed",
    "Span",
    "Status",
    "as_it_stands",
    "carry",
    "locate",
    "relocate",
    "surroundings",
]

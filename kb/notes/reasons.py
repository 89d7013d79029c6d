"""Why something goes on with gaps: a sentence that says something and holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kb.notes.fillers import is_filler
from kb.notes.guarding import guard
from kb.notes.slot_schemas import filler_words
from kb.validation import Checker

MOST_REASON = 500  # characters


def override_reason(data: Mapping[str, Any]) -> str:
    """What is said as `override_reason`; empty where nothing is. Raises Invalid for a filler or a secret."""
    check = Checker(data)
    reason = check.line("override_reason", most=MOST_REASON, required=False)
    if reason and not check.errors and is_filler(reason):
        check.fail("override_reason", filler_words(reason))
    check.done()
    guard({"override_reason": reason})
    return reason

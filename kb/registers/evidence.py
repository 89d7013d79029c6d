"""What shows that a thing changed hands; a word that shows nothing is asked about, kindly."""

from __future__ import annotations

import re
import unicodedata

from kb.i18n import _
from kb.notes.fillers import is_filler
from kb.registers.models import EntryState

ORDER = tuple(EntryState)
# These say that somebody else is in charge now, or that nobody is any more.
TELLING = frozenset({EntryState.TRANSFERRED, EntryState.CONFIRMED, EntryState.REVOKED})
LEAST = 8  # letters; a Han character says as much as two
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_EMPTY = frozenset({
    "transferred", "confirmed", "completed", "finished", "handed over", "all done", "everything done",
    "no problem", "looks good", "已经完成", "已经移交", "已经交接", "已经确认", "已经同步", "全部完成", "全部移交",
    "确认完成", "交接完成", "移交完成", "办理完成", "完成交接", "处理完成", "已全部完成", "已全部移交", "已交接完成",
    "已移交完成",
})  # fmt: skip


def step_back(was: str, becomes: str) -> bool:
    """Whether an entry goes back to an earlier state."""
    return ORDER.index(EntryState(becomes)) < ORDER.index(EntryState(was))


def evidence_needed(was: str, becomes: str) -> bool:
    """Whether a person who moves an entry is asked what shows it; to go back is to say what does not hold."""
    return becomes != was and (becomes in TELLING or step_back(was, becomes))


def says_little(evidence: str) -> bool:
    """Whether it shows nothing: a filler, or too short to say what was seen."""
    plain = " ".join("".join(map(_letter, evidence)).casefold().split())
    size = sum(2 if _HAN.match(character) else 1 for character in plain if not character.isspace())
    return size < LEAST or plain in _EMPTY or is_filler(evidence)


def _letter(character: str) -> str:
    """Letters and digits; all else only parts words."""
    return character if unicodedata.category(character)[0] in "LN" else " "


def ask_for_more() -> str:
    """What is said of evidence that says little."""
    return _(
        "Say in a few words how one can tell, for example “signed in as successor on 21 November” or “the registrar "
        "shows the company as owner”."
    )


def ask_for_any() -> str:
    """What is said where there is none."""
    return _(
        "Say what shows it: what was seen, and when. For example “signed in as successor on 21 November” or "
        "“the registrar shows the company as owner”."
    )

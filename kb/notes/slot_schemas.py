"""Input about an item's slot: JSON structure and validation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.i18n import _
from kb.notes.fillers import is_filler
from kb.notes.guarding import guard
from kb.validation import Checker

MOST_REASON = 500


class SlotBody(msgspec.Struct):
    """The passage that fills a slot, or why none is needed, or that it is accepted; nothing at all clears the slot."""

    note: str | None | UnsetType = UNSET
    heading: str | None | UnsetType = UNSET
    waived_because: str | None | UnsetType = UNSET
    accepted: bool | None | UnsetType = UNSET
    revision: int | None | UnsetType = UNSET


@dataclass(frozen=True)
class SlotSaying:
    """What somebody says of a slot: one of note and waived_because, and whether it is accepted; None: not said.

    `revision`: of the note as they read it, where they know.
    """

    note: str | None = None
    heading: str | None = None
    waived_because: str | None = None
    accepted: bool | None = None
    revision: int | None = None

    @property
    def clears(self) -> bool:
        """Nothing is said: whatever was said of the slot is taken back."""
        return self.note is None and self.waived_because is None and self.accepted is None


def slot_saying(data: Mapping[str, Any]) -> SlotSaying:
    """Check what is said of a slot; raises Invalid."""
    sent = {name: value for name, value in data.items() if value is not None}
    check = Checker(sent)
    note = check.line("note", most=40) if "note" in sent else None
    heading = check.line("heading", most=1000, required=False) or None
    reason = check.line("waived_because", most=MOST_REASON) if "waived_because" in sent else None
    revision = check.whole("revision", low=1, high=2**31 - 1)
    if note is not None and reason is not None:
        check.fail(
            "waived_because", _("Either point at a passage or say why none is needed; both is not possible.")
        )
    elif heading and note is None:
        check.fail("heading", _("Say which note this heading is in."))
    elif reason and not check.errors and is_filler(reason):
        check.fail("waived_because", filler_words(reason))
    check.done()
    guard({"waived_because": reason})
    accepted = sent.get("accepted")
    return SlotSaying(note, heading, reason, None if accepted is None else check.flag("accepted"), revision)


def filler_words(text: str) -> str:
    """Why a filler is not taken, kindly."""
    return _(
        "“%(text)s” does not yet help whoever takes this over. One sentence is enough: what they need to know, "
        "or why there is nothing to write."
    ) % {"text": text.strip()[:60]}

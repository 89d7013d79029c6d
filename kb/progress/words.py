"""How the pieces of a sentence about progress are said: slots, days, practice, several sentences in a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date

from kb.checklists.models import Slot
from kb.i18n import _, current_locale, mark
from kb.rehearsals.models import Level

_SLOTS = {
    Slot.STEPS: mark("Steps"),
    Slot.KEY_POINTS: mark("Key points"),
    Slot.CAUTIONS: mark("Cautions"),
    Slot.EXCEPTIONS: mark("Exceptions"),
    Slot.CONTACTS: mark("Contacts"),
    Slot.ACCESS: mark("Access"),
    Slot.DATA: mark("Where data lies"),
}
_LEVELS = {
    Level.OBSERVED: mark("observed"),
    Level.ASSISTED: mark("assisted"),
    Level.INDEPENDENT: mark("independent"),
}


def slot_words(slots: Iterable[Slot]) -> str:
    """The names of slots in a row."""
    return _(", ").join(_(_SLOTS[slot]) for slot in slots)


def level_words(level: Level) -> str:
    """A level of practice, within a sentence."""
    return _(_LEVELS[level])


def sentences(said: Iterable[str]) -> str:
    """Several sentences in a row, as the reader's language parts them."""
    return ("" if current_locale().startswith("zh") else " ").join(said)


def day_words(day: date, today: date) -> str:
    """A day within a sentence: today, tomorrow, else its date."""
    ahead = (day - today).days
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow")
    return format_date(day, "long", locale=current_locale().replace("-", "_"))

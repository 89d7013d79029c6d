"""One checker for forms and JSON: reads named fields, gathers every error, raises them together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from kb.errors import FieldError, Invalid
from kb.i18n import LOCALES, _

E = TypeVar("E", bound=StrEnum)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Bidirectional controls can make a title read as something it is not.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_visible(text: str) -> bool:
    """Whether there is anything to see: not only blanks, control and zero-width characters."""
    return any(unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in text)


def _is_strange(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" or character in _BIDI for character in text)


class Checker:
    """Reads fields of a mapping; call `done()` last, which raises Invalid if any was broken."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.errors: list[FieldError] = []

    def has(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return name in self.data

    def fail(self, name: str, message: str) -> None:
        """Add an error to a field."""
        self.errors.append(FieldError(name, message))

    def done(self) -> None:
        """Raise what was gathered."""
        if self.errors:
            raise Invalid(self.errors)

    def line(self, name: str, *, most: int, required: bool = True, default: str = "") -> str:
        """One line of text: trimmed, no control characters, at most `most` code points."""
        value = self._text(name, most, required, default).strip()
        if _is_strange(value) and not self._failed(name):
            self.fail(name, _("Control characters and text-direction marks are not possible here."))
        if required and not is_visible(value) and not self._failed(name):
            self.fail(name, _("This must be filled in."))
        return value

    def text(self, name: str, *, most: int, required: bool = True, default: str = "") -> str:
        """Text of many lines, kept exactly but for line ends, which become \\n."""
        value = self._text(name, most, required, default).replace("\r\n", "\n").replace("\r", "\n")
        if required and not is_visible(value) and not self._failed(name):
            self.fail(name, _("This must be filled in."))
        return value

    def choice(self, name: str, values: type[E], default: E | None = None) -> E:
        """One of an enumeration; empty means the default where there is one."""
        value = self.data.get(name)
        if value in (None, "") and default is not None:
            return default
        try:
            return values(value)  # type: ignore[arg-type]  # what is no text is no value either
        except ValueError:
            allowed = ", ".join(values)
            self.fail(name, _("This must be one of: %(allowed)s.") % {"allowed": allowed})
            return default or next(iter(values))

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A calendar day, written 2026-11-30."""
        value = self.data.get(name)
        if value in (None, ""):
            if required:
                self.fail(name, _("This must be filled in."))
            return None
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                day = date.fromisoformat(value)
                if 1970 <= day.year <= 2200:
                    return day
        except ValueError:
            pass
        self.fail(name, _("This must be a date such as 2026-11-30."))
        return None

    def email(self, name: str, *, required: bool = True) -> str:
        """An e-mail address, lower case."""
        value = self.line(name, most=254, required=required).lower()
        if value and (len(value) > 254 or not _EMAIL.fullmatch(value)):  # lower case can be longer
            self.fail(name, _("This is not an e-mail address."))
        return value

    def strings(self, name: str, *, most: int, each: int) -> list[str]:
        """A list of short texts without repeats; a form may send one text parted by commas."""
        value = self.data.get(name) or []
        parts = re.split(r"[,，、\n]", value) if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            self.fail(name, _("This must be a list of texts."))
            return []
        cleaned = list(
            dict.fromkeys(part.strip() for part in parts if is_visible(part) or _is_strange(part.strip()))
        )
        if len(cleaned) > most:
            self.fail(name, _("At most %(most)s entries are possible.") % {"most": most})
        for part in cleaned[:most]:
            self._storable(name, part)
            if _is_strange(part) and not self._failed(name):
                self.fail(name, _("Control characters and text-direction marks are not possible here."))
            if len(part) > each:
                self.fail(name, _("Each entry may have at most %(most)s characters.") % {"most": each})
                break
        return cleaned[:most]

    def whole(self, name: str, *, low: int, high: int) -> int | None:
        """A whole number in a range, or None when the field is empty."""
        value = self.data.get(name)
        if value in (None, ""):
            return None
        number = int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value
        if isinstance(number, int) and not isinstance(number, bool) and low <= number <= high:
            return number
        self.fail(
            name, _("This must be a whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
        )
        return None

    def flag(self, name: str) -> bool:
        """True or false; a form's checkbox sends "on" or "1"."""
        return self.data.get(name) in (True, "on", "1", "true")

    def language(self, name: str, default: str) -> str:
        """A language of the pages and texts; empty means the default."""
        language = str(self.data.get(name) or default)
        if language not in LOCALES:
            self.fail(name, _("This must be one of: %(allowed)s.") % {"allowed": ", ".join(LOCALES)})
        return language

    def _text(self, name: str, most: int, required: bool, default: str) -> str:
        value = self.data.get(name)
        if value is None:
            if required:
                self.fail(name, _("This must be filled in."))
            return default
        if not isinstance(value, str):
            self.fail(name, _("This must be text."))
            return default
        if len(value) > most:
            self.fail(name, _("This is too long: at most %(most)s characters are possible.") % {"most": most})
            return value[:most]
        self._storable(name, value)
        return value

    def _storable(self, name: str, value: str) -> None:
        """NUL and lone surrogates cannot be stored the same way on both databases."""
        if "\0" in value:
            self.fail(name, _("The text contains a NUL character, which cannot be stored."))
        elif any("\ud800" <= character <= "\udfff" for character in value):
            self.fail(name, _("The text contains a broken character (half a surrogate pair)."))

    def _failed(self, name: str) -> bool:
        return any(error.field == name for error in self.errors)

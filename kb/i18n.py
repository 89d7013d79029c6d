"""Two languages: the reader's locale is a context variable; catalogues are read from the committed .po files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kb.paths import LOCALE

LOCALES = ("en", "zh-Hans")
LOCALE_NAMES = {"en": "English", "zh-Hans": "简体中文"}
_current: ContextVar[str] = ContextVar("kb_locale", default="en")


@cache
def catalogue(locale: str) -> NullTranslations:
    """The translations of a locale; English keys stand for themselves."""
    path = LOCALE / locale.replace("-", "_") / "LC_MESSAGES" / "kb.po"
    if locale == "en" or not path.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale.replace("-", "_")))
    compiled.seek(0)
    return GNUTranslations(compiled)


def current_locale() -> str:
    """The locale of the person being answered, a BCP 47 tag."""
    return _current.get()


def set_locale(locale: str) -> None:
    """Fix the locale for the rest of this request or command; an unknown one is English."""
    _current.set(locale if locale in LOCALES else "en")


@contextmanager
def in_locale(locale: str) -> Iterator[None]:
    """Speak another language for a while."""
    token = _current.set(locale if locale in LOCALES else "en")
    try:
        yield
    finally:
        _current.reset(token)


def gettext(message: str) -> str:
    """The message in the reader's language."""
    return catalogue(_current.get()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The message for a number, in the reader's language."""
    return catalogue(_current.get()).ngettext(one, many, number)


def mark(message: str) -> str:
    """Mark a message for extraction where it is defined, to be translated where it is shown."""
    return message


_ = gettext


def best_locale(accept_language: str, default: str) -> str:
    """Choose from an Accept-Language header; any Chinese is Simplified Chinese here."""
    ranked: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        tag, _sep, quality = part.strip().partition(";q=")
        try:
            ranked.append((float(quality) if quality else 1.0, tag.strip().lower()))
        except ValueError:
            continue
    for _quality, tag in sorted(ranked, key=lambda pair: -pair[0]):
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return default

"""Input about the glossary: JSON structures and their validation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.i18n import _
from kb.search.analysis import fold, fold_value, pieces
from kb.search.glossary.models import MOST_CHARACTERS, MOST_KEY
from kb.validation import Checker

MOST_WORDS = 20  # of one group


class GlossaryBody(msgspec.Struct):
    """A term and the words that mean the same."""

    term: str | UnsetType = UNSET
    synonyms: list[str] | UnsetType = UNSET


class GlossaryPatch(msgspec.Struct):
    """What a group is to hold from now on; `changed_at` as last read, so that nobody's change is lost."""

    term: str | UnsetType = UNSET
    synonyms: list[str] | UnsetType = UNSET
    changed_at: str | UnsetType = UNSET


@dataclass(frozen=True)
class Wording:
    """A word as written, and the key by which it is compared."""

    word: str
    key: str


def new_group(data: Mapping[str, Any]) -> tuple[Wording, ...]:
    """Check a term and its synonyms; the term first, each key once, two at least. Raises Invalid."""
    check = Checker(data)
    term = _wording(check, "term", check.line("term", most=MOST_CHARACTERS))
    typed = check.strings("synonyms", most=MOST_WORDS - 1, each=MOST_CHARACTERS)
    synonyms = [_wording(check, "synonyms", word) for word in typed]
    check.done()
    words = _each_once([term, *synonyms])
    if not synonyms:
        check.fail("synonyms", _("Give at least one other word that means the same."))
    elif len(words) < 2:
        check.fail("synonyms", _("Search sees no difference between these words. Give a different one."))
    check.done()
    return words


def _wording(check: Checker, field: str, text: str) -> Wording:
    word = " ".join(text.split())
    key = fold_value(word)
    if word and next(pieces(fold(word).text), None) is None:
        check.fail(field, _("“%(word)s” has no letters or digits to search for.") % {"word": word})
    elif len(key) > MOST_KEY:
        check.fail(
            field,
            _("This is too long: at most %(most)s characters are possible.") % {"most": MOST_CHARACTERS},
        )
    return Wording(word, key)


def _each_once(words: Iterable[Wording]) -> tuple[Wording, ...]:
    found: dict[str, Wording] = {}
    for word in words:
        found.setdefault(word.key, word)
    return tuple(found.values())

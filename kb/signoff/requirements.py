"""What keeps a handover from being signed, and what was signed all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.i18n import LOCALES, in_locale
from kb.notes.fillers import is_filler
from kb.progress.requirements import Requirement, open_requirements

Exceptions = list[dict[str, Any]]


def exceptions_of(session: Session, handover_id: str, reservations: Sequence[str]) -> Exceptions:
    """What is still open, for the manifest: why in every language, and the reservations that name it.

    A reservation that begins with an item's title speaks of that one; the others speak of all.
    """
    said: dict[str, dict[str, str]] = {}
    for locale in LOCALES:
        with in_locale(locale):
            for one in open_requirements(session, handover_id):
                said.setdefault(one.item_id, {"title": one.title})[locale] = one.reason
    titles = [facts["title"] for facts in said.values()]
    return [
        {
            "item": item_id, "title": facts["title"],
            "reason": {locale: facts[locale] for locale in LOCALES},
            "reservations": _about(facts["title"], titles, reservations),
        }
        for item_id, facts in said.items()
    ]  # fmt: skip


def naming(title: str, reason: str) -> str:
    """A reservation about one item."""
    return f"{title}: {reason}"


def not_named(blocking: Iterable[Requirement], exceptions: Iterable[dict[str, Any]]) -> list[Requirement]:
    """What is open and stands in no manifest yet."""
    named = {one["item"] for one in exceptions}
    return [one for one in blocking if one.item_id not in named]


def unspoken(
    blocking: Iterable[Requirement], still_open: Iterable[Requirement], reservations: Sequence[str]
) -> list[Requirement]:
    """Those of `blocking` that no reservation speaks of. `still_open`: everything that is open."""
    titles = [one.title for one in still_open]
    return [one for one in blocking if not _about(one.title, titles, reservations)]


def fillers_about(titles: Sequence[str], reservations: Sequence[str]) -> list[str]:
    """The reservations that name an item and then say nothing."""
    found = ((one, title_of(one, titles)) for one in reservations)
    return [one for one, title in found if title and is_filler(one[len(in_line(title)) + 1 :])]


def title_of(reservation: str, titles: Sequence[str]) -> str | None:
    """The title that a reservation begins with, and a colon; the longest. None: it speaks of all."""
    begun = [one for one in titles if reservation.startswith((f"{in_line(one)}:", f"{in_line(one)}："))]
    return max(begun, key=len, default=None)


def in_line(title: str) -> str:
    """A title as it stands in a reservation, which is one line without double spaces."""
    return " ".join(title.split())


def blocking_json(blocking: Iterable[Requirement]) -> list[dict[str, str]]:
    """As the API tells of it."""
    return [{"item": one.item_id, "title": one.title, "reason": one.reason} for one in blocking]


def _about(title: str, titles: Sequence[str], reservations: Sequence[str]) -> list[str]:
    named = [(one, title_of(one, titles)) for one in reservations]
    own = [one for one, other in named if other == title]
    return own or [one for one, other in named if other is None]

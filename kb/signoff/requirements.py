"""What keeps a handover from being signed, and what was signed all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kb.i18n import LOCALES, in_locale
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


def blocking_json(blocking: Iterable[Requirement]) -> list[dict[str, str]]:
    """As the API tells of it."""
    return [{"item": one.item_id, "title": one.title, "reason": one.reason} for one in blocking]


def _about(title: str, titles: Sequence[str], reservations: Sequence[str]) -> list[str]:
    own = [one for one in reservations if one.startswith(f"{title}: ")]
    general = [one for one in reservations if not any(one.startswith(f"{other}: ") for other in titles)]
    return own or general

"""The demo's glossary: what its people said means the same."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from kb.demo.calendar import Calendar
from kb.demo.stories import CONTENT, read_yaml
from kb.handovers.queries import identity_of
from kb.people.models import User
from kb.search.glossary.services import add


def tell_words(session: Session, calendar: Calendar, people: Mapping[str, User]) -> None:
    """Add the entries through the service people use, then date them back."""
    for entry in read_yaml(CONTENT / "glossary.yaml"):
        term, *synonyms = entry["words"]
        moment = calendar.moment(float(entry["days_ago"]))
        identity = identity_of(session, people[entry["by"]])
        group = add(session, identity, {"term": term, "synonyms": synonyms}).group
        group.created_at = group.changed_at = moment
        for word in group.words:
            word.created_at = moment
    session.flush()

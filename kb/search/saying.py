"""A query in the words people use: synonyms, what unknown words may mean, authors by their names; what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.handovers.models import Membership
from kb.people.models import User
from kb.search.absent import absent
from kb.search.analysis import fold_value
from kb.search.glossary.expanding import expand
from kb.search.glossary.queries import current_glossary
from kb.search.interface import Lexicon
from kb.search.query import FieldTerm, Query
from kb.search.spelling import suggest, widen

MOST_PEOPLE = 20  # with a name that fits a typed `author:`


@dataclass(frozen=True)
class Said:
    """A query as it is asked of the index; what was probably meant, what else is searched for, what is nowhere."""

    query: Query
    suggestion: str | None = None
    also: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def with_people(session: Session, identity: Identity, query: Query) -> Query:
    """`author:` takes names of people in the caller's handovers, or a part; the index knows their addresses."""
    fields: list[FieldTerm] = []
    for typed in query.fields:
        fields.append(typed)
        if typed.name == "author":
            named = (
                select(User.email)
                .join(Membership, Membership.user_id == User.id)
                .where(Membership.handover_id.in_(identity.handovers_as()))
                .where(User.name.icontains(typed.value, autoescape=True))
            )
            emails = session.scalars(named.distinct().order_by(User.email).limit(MOST_PEOPLE))
            fields += [FieldTerm("author", fold_value(email), typed.negated) for email in emails]
    return replace(query, fields=tuple(fields))


def say(session: Session, query: Query, lexicon: Lexicon, wide: bool) -> Said:
    """A query in other words too, if wanted: the team's own, then what unknown words may mean."""
    if not wide:
        return Said(query, suggest(query, lexicon), missing=absent(query, lexicon))
    query, synonyms = expand(query, current_glossary(session))
    suggestion = suggest(query, lexicon)
    query, near = widen(query, lexicon)
    return Said(query, suggestion, tuple(dict.fromkeys(synonyms + near)), absent(query, lexicon))

"""What is offered beside titles while somebody types: tags, people, one's own former searches."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.handovers.models import Membership
from kb.people.models import User
from kb.search.analysis import fold_value
from kb.search.gaps.models import Search
from kb.search.reading import View
from kb.search.snapshot import Snapshot

MOST_TAGS, MOST_PEOPLE, MOST_RECENT = 2, 2, 2
MOST_LOOKED_AT = 60  # of one's last searches
CACHED = 16  # callers whose tags are kept, per index
TAG, PERSON, RECENT = "tag", "person", "recent"

# At every key pressed: made once.
_NAME = func.lower(User.name)
_MEMBERS = (
    select(User.name, User.email)
    .join(Membership, Membership.user_id == User.id)
    .where(Membership.handover_id.in_(bindparam("member_of", expanding=True)))
    .where(
        or_(
            _NAME.like(bindparam("begin"), escape="\\"),
            _NAME.like(bindparam("word"), escape="\\"),
            User.email.like(bindparam("begin"), escape="\\"),
        )
    )
    .distinct()
    .order_by(User.name, User.email)
    .limit(MOST_PEOPLE)
)
_MINE = (
    select(Search.text, Search.handover_id)
    .where(Search.user_id == bindparam("me"))
    .order_by(Search.at.desc(), Search.id)
    .limit(MOST_LOOKED_AT)
)


@dataclass(frozen=True)
class Suggestion:
    """Something to jump to while typing; `context` says where it stands, or how often it is used."""

    label: str
    url: str
    type: str
    context: str = ""


Tags = tuple[tuple[str, str, int], ...]  # folded, as written, how often in scope
_tags: WeakKeyDictionary[Snapshot, OrderedDict[object, Tags]] = WeakKeyDictionary()
_lock = threading.Lock()


def tags(view: View, folded: str, scopes: frozenset[str], without: frozenset[str]) -> list[Suggestion]:
    """Tags that begin as typed, with how often they are used where the caller may read."""
    fitting = (entry for entry in tags_in_sight(view, scopes, without) if entry[0].startswith(folded))
    return [
        Suggestion(tag, search_url(tag=tag), TAG, str(count)) for _, tag, count in islice(fitting, MOST_TAGS)
    ]


def tags_in_sight(view: View, scopes: frozenset[str], without: frozenset[str]) -> Tags:
    """The tags used where the caller may read, the most used first."""
    key = (scopes, without)
    with _lock:
        kept = _tags.setdefault(view.snapshot, OrderedDict())
        found = kept.get(key)
    if found is None:
        found = tuple((fold_value(tag), tag, count) for tag, count in view.counts("tag", scopes, without))
        with _lock:
            kept[key] = found
            while len(kept) > CACHED:
                kept.popitem(last=False)
    return found


def people(session: Session, identity: Identity, folded: str) -> Iterator[Suggestion]:
    """Members of the caller's handovers whose name, a word of it or address begins so."""
    if len(folded) < 2 and folded.isascii():
        return
    begin = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    asked = {"member_of": list(identity.handovers_as()), "begin": begin, "word": f"% {begin}"}
    for name, email in session.execute(_MEMBERS, asked):
        yield Suggestion(name, search_url(author=email), PERSON, email)


def recent(session: Session, identity: Identity, folded: str) -> list[Suggestion]:
    """One's own former searches that begin so, the last ones first, but not what is typed just now."""
    found: dict[str, Suggestion] = {}
    for text, handover in session.execute(_MINE, {"me": identity.user_id}):
        key = fold_value(text)
        if key.startswith(folded) and key != folded:
            place = {"handover": handover} if handover and handover in identity.roles else {}
            found.setdefault(key, Suggestion(text, search_url(q=text, **place), RECENT))
    return list(found.values())[:MOST_RECENT]


def search_url(**parameters: str) -> str:
    """The address of a search."""
    return f"/search?{urlencode(parameters)}"

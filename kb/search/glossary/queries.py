"""Reading the glossary: a page of it, one group, and the whole of it as search uses it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import can, not_found
from kb.ids import is_id
from kb.search.analysis import fold_value
from kb.search.glossary.book import Glossary
from kb.search.glossary.models import GlossaryGroup, GlossaryWord

STAMP_ID = 1
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # in no word, and nothing a database can be asked for
_NOTHING = Glossary.of(())


def groups(text: str = "") -> Select[GlossaryGroup]:
    """Every group, the one changed last first; with a text those that hold it in one of their words."""
    query = (
        select(GlossaryGroup)
        .options(
            joinedload(GlossaryGroup.author),
            selectinload(GlossaryGroup.words).joinedload(GlossaryWord.author),
        )
        .order_by(GlossaryGroup.changed_at.desc(), GlossaryGroup.id)
    )
    key = fold_value(text[:200])
    if _UNSTORABLE.search(key):
        return query.where(false())
    if key:
        holding = select(GlossaryWord.group_id).where(GlossaryWord.key.contains(key, autoescape=True))
        query = query.where(GlossaryGroup.id.in_(holding))
    return query


def get_group(session: Session, group_id: str) -> GlossaryGroup:
    """One group with its words; NotFound."""
    found = None
    if is_id(group_id):
        query = groups().where(GlossaryGroup.id == group_id)
        found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise not_found()
    return found


def get_word(session: Session, word_id: str) -> GlossaryWord:
    """One word; NotFound."""
    found = session.get(GlossaryWord, word_id) if is_id(word_id) else None
    if found is None:
        raise not_found()
    return found


def group_facts(session: Session, group_id: str) -> Facts:
    """Whose a group is; it belongs to no handover."""
    row = session.execute(select(GlossaryGroup.author_id).where(GlossaryGroup.id == group_id)).first()
    if row is None:
        raise not_found()
    return Facts(author_id=row[0])


def may_edit(identity: Identity, group: GlossaryGroup) -> bool:
    """Whether the person may change the group as a whole."""
    return can(identity, Permission.GLOSSARY_EDIT, Facts(author_id=group.author_id))


def may_remove(identity: Identity, group: GlossaryGroup, word: GlossaryWord) -> bool:
    """Whether the person may take a word out: whose group it is, and whoever added the word."""
    return may_edit(identity, group) or can(
        identity, Permission.GLOSSARY_EDIT, Facts(author_id=word.author_id)
    )


def groups_holding(session: Session, keys: Iterable[str]) -> Sequence[GlossaryGroup]:
    """The groups that hold any of these words, the oldest first."""
    holding = select(GlossaryWord.group_id).where(GlossaryWord.key.in_(list(keys)))
    return (
        session.scalars(
            groups()
            .where(GlossaryGroup.id.in_(holding))
            .order_by(None)
            .order_by(GlossaryGroup.created_at, GlossaryGroup.id)
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )


# As plain SQL: the first runs in every search, and takes a third of the time so.
_STAMP = f"SELECT stamp FROM glossary_stamp WHERE id = {STAMP_ID}"  # noqa: S608
_WORDS = "SELECT group_id, word FROM glossary_words ORDER BY group_id, position"
_loading = threading.Lock()
_loaded: tuple[str, Glossary] = ("", _NOTHING)


def current_glossary(session: Session) -> Glossary:
    """The whole glossary as it is now: one small statement unless it has changed since this process last asked.

    A stamp is drawn at random, so it names one state of one database: nothing else need be compared.
    """
    global _loaded
    stamp = session.connection().exec_driver_sql(_STAMP).scalar() or ""
    held, glossary = _loaded
    if held == stamp:
        return glossary
    with _loading:  # one thread reads it, the others take what it read
        held, glossary = _loaded
        if held != stamp:
            glossary = _load(session, glossary)
            _loaded = (stamp, glossary)
    return glossary


def _load(session: Session, before: Glossary) -> Glossary:
    words: dict[str, list[str]] = {}
    for group_id, word in session.connection().exec_driver_sql(_WORDS).all():
        words.setdefault(group_id, []).append(word)
    return Glossary.of(words.values(), before)

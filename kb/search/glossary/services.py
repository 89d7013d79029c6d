"""Writing the glossary: words are added by everyone, taken out by who added them and by administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permissions import Permission
from kb.access.permits import require
from kb.activity.record import record
from kb.clock import now
from kb.errors import Conflict
from kb.i18n import _
from kb.ids import new_id
from kb.search.glossary.models import GlossaryGroup, GlossaryStamp, GlossaryWord
from kb.search.glossary.planning import not_elsewhere, plan
from kb.search.glossary.queries import STAMP_ID, get_group, get_word, group_facts, may_remove
from kb.search.glossary.schemas import Wording, new_group


@dataclass(frozen=True)
class Added:
    """What came of adding: the group as it is now, whether it is new, the terms of groups that joined it."""

    group: GlossaryGroup
    created: bool
    changed: bool
    joined: tuple[str, ...]


def add(session: Session, identity: Identity, data: Mapping[str, Any]) -> Added:
    """Say that words mean the same; groups that share a word with them become one."""
    require(identity, Permission.GLOSSARY_ADD)
    _take_turns(session)
    what = plan(session, data)
    if what.into is not None and not what.changes:
        return Added(what.into, created=False, changed=False, joined=())
    moment = now()
    group = what.into or GlossaryGroup(
        id=new_id(), author_id=identity.user_id, created_at=moment, changed_at=moment
    )
    if what.into is None:
        session.add(group)
        session.flush()
    joined = tuple(other.words[0].word for other in what.joining)
    after = _count_words(session, group.id)
    for other in what.joining:
        after = _join(session, group, other, after)
    _put(session, identity, group.id, what.fresh, after)
    action = "glossary.added" if what.into is None else "glossary.extended"
    _changed(session, identity, action, group, words=[one.word for one in what.fresh], joined=list(joined))
    return Added(get_group(session, group.id), what.into is None, True, joined)


def change_group(
    session: Session, identity: Identity, group_id: str, data: Mapping[str, Any]
) -> GlossaryGroup:
    """Give a group other words, or another order of them; Conflict where somebody changed it meanwhile."""
    require(identity, Permission.GLOSSARY_EDIT, group_facts(session, group_id))
    _take_turns(session)
    group = get_group(session, group_id)
    read = data.get("changed_at")
    if read and read != group.changed_at.isoformat():
        raise Conflict(_("Somebody has changed these words meanwhile. Look at them again before you save."))
    old = [word.word for word in group.words]
    words = new_group({"term": data.get("term", old[0]), "synonyms": data.get("synonyms", old[1:])})
    if [word.word for word in words] == old:
        return group
    not_elsewhere(session, group, words)
    kept = {word.key: word for word in group.words}
    gone = kept.keys() - {word.key for word in words}
    session.execute(delete(GlossaryWord).where(GlossaryWord.id.in_([kept[key].id for key in gone])))
    for position, word in enumerate(words):
        if word.key in kept:
            kept[word.key].word, kept[word.key].position = word.word, position
        else:
            _put(session, identity, group_id, [word], position)
    _changed(session, identity, "glossary.changed", group, before=old, words=[word.word for word in words])
    return get_group(session, group_id)


def remove_word(session: Session, identity: Identity, word_id: str) -> GlossaryGroup | None:
    """Take a word out; None when the group went with it, as one word alone says nothing."""
    _take_turns(session)
    word = get_word(session, word_id)
    group = get_group(session, word.group_id)
    if not may_remove(identity, group, word):
        require(identity, Permission.GLOSSARY_EDIT, Facts(author_id=group.author_id))
    if len(group.words) <= 2:
        _remove(session, identity, group)
        return None
    session.execute(delete(GlossaryWord).where(GlossaryWord.id == word_id))
    _changed(session, identity, "glossary.word_removed", group, word=word.word)
    return get_group(session, group.id)


def remove_group(session: Session, identity: Identity, group_id: str) -> None:
    """Take a whole group out."""
    require(identity, Permission.GLOSSARY_EDIT, group_facts(session, group_id))
    _take_turns(session)
    _remove(session, identity, get_group(session, group_id))


def _take_turns(session: Session) -> None:
    """Lock the stamp until the commit: PostgreSQL by row, SQLite has let only one writer in anyway."""
    session.execute(select(GlossaryStamp).where(GlossaryStamp.id == STAMP_ID).with_for_update())


def _changed(session: Session, identity: Identity, action: str, group: GlossaryGroup, **details: Any) -> None:
    """After every change: every process reads the glossary anew, and it is on record."""
    group.changed_at = now()
    session.execute(update(GlossaryStamp).where(GlossaryStamp.id == STAMP_ID).values(stamp=new_id()))
    record(
        session,
        actor_id=identity.user_id,
        action=action,
        object_type="glossary",
        object_id=group.id,
        **details,
    )
    session.flush()


def _put(session: Session, identity: Identity, group_id: str, words: Sequence[Wording], first: int) -> None:
    for position, one in enumerate(words, first):
        session.add(
            GlossaryWord(
                group_id=group_id, position=position, word=one.word, key=one.key, author_id=identity.user_id,
                created_at=now(),
            )
        )  # fmt: skip
    session.flush()


def _join(session: Session, group: GlossaryGroup, other: GlossaryGroup, after: int) -> int:
    """Move another group's words behind those of this one; returns how many there are then.

    What two people made becomes the administrators' to change as a whole: nobody gets hold of
    somebody else's words by joining them to their own. Each word stays with who added it.
    """
    for position, word in enumerate(other.words, after):
        moved = update(GlossaryWord).where(GlossaryWord.id == word.id)
        session.execute(moved.values(group_id=group.id, position=position))
    if other.author_id != group.author_id:
        group.author_id = None
    session.execute(delete(GlossaryGroup).where(GlossaryGroup.id == other.id))
    return after + len(other.words)


def _remove(session: Session, identity: Identity, group: GlossaryGroup) -> None:
    words = [word.word for word in group.words]
    _changed(session, identity, "glossary.removed", group, words=words)
    session.execute(delete(GlossaryGroup).where(GlossaryGroup.id == group.id))


def _count_words(session: Session, group_id: str) -> int:
    """The first free position."""
    last = session.scalar(select(func.max(GlossaryWord.position)).where(GlossaryWord.group_id == group_id))
    return 0 if last is None else last + 1

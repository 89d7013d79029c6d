"""What the glossary's page shows: its groups, what typing would do, what searches suggest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.errors import Invalid, KbError
from kb.i18n import _, ngettext
from kb.pagination import paginate
from kb.search.analysis import fold_value
from kb.search.gaps.pairs import Pair, suggested_pairs
from kb.search.glossary.models import GlossaryGroup, GlossaryWord
from kb.search.glossary.planning import Plan, plan
from kb.search.glossary.queries import get_group, groups, groups_holding, may_edit, may_remove
from kb.search.glossary.schemas import new_group

PER_PAGE = 50
MOST_SUGGESTED = 6


@dataclass(frozen=True)
class Row:
    """A group as one reader sees it."""

    group: GlossaryGroup
    may_edit: bool
    own_words: tuple[
        GlossaryWord, ...
    ]  # may be taken out one by one by somebody who may not change the group


@dataclass(frozen=True)
class Rows:
    """A page of the list; `entry` is the group that was just added to, and `did` what happened to it."""

    rows: tuple[Row, ...]
    total: int
    find: str
    next: str | None
    first: str | None
    entry: GlossaryGroup | None
    said: str


def glossary_rows(session: Session, identity: Identity, asked: Mapping[str, str]) -> Rows:
    """The list as the address says: `find`, `cursor`, `entry` and `did`."""
    find, cursor = asked.get("find", "")[:200].strip(), asked.get("cursor")
    found = paginate(session, groups(find), cursor=cursor, limit=PER_PAGE)
    entry = _entry(session, asked.get("entry", ""))
    query = {"find": find} if find else {}
    return Rows(
        tuple(_row(identity, group) for group in found.items), found.total, find,
        f"/glossary?{urlencode({**query, 'cursor': found.next})}" if found.next else None,
        f"/glossary?{urlencode(query)}" if cursor else None,
        entry, _did(asked.get("did", "")) if entry else "",
    )  # fmt: skip


def _row(identity: Identity, group: GlossaryGroup) -> Row:
    edits = may_edit(identity, group)
    own = () if edits else tuple(word for word in group.words if may_remove(identity, group, word))
    return Row(group, edits, own)


def _entry(session: Session, group_id: str) -> GlossaryGroup | None:
    try:
        return get_group(session, group_id) if group_id else None
    except KbError:  # it has gone since: the list says so by itself
        return None


def _did(what: str) -> str:
    return {
        "new": _("Added. Search uses it from now on:"),
        "more": _("Added to the entry there was. Search uses it from now on:"),
        "joined": _("Entries that shared a word are one now. Search uses it from now on:"),
        "known": _("These words stand together already:"),
    }.get(what, "")


def foretold(session: Session, values: Mapping[str, Any]) -> str:
    """One sentence on what adding these words would do; empty while there is nothing to say."""
    if not values.get("term") or not values.get("synonyms"):
        return ""
    try:
        return _sentence(plan(session, values), [word.word for word in new_group(values)])
    except Invalid as refused:
        return refused.message


def _sentence(what: Plan, words: list[str]) -> str:
    said = {"term": words[0], "others": quoted(words[1:]), "new": quoted([one.word for one in what.fresh])}
    if what.into is None:
        return (
            _("A new entry: whoever looks for “%(term)s” also finds %(others)s, and the other way round.")
            % said
        )
    if not what.changes:
        return _("These words stand together already: nothing changes.")
    said["entry"] = quoted([word.word for word in what.into.words])
    if what.joining:
        said["joining"] = "; ".join(quoted([word.word for word in group.words]) for group in what.joining)
        return _("This makes one entry of %(entry)s and %(joining)s.") % said
    return (
        ngettext("%(new)s joins the entry %(entry)s.", "%(new)s join the entry %(entry)s.", len(what.fresh))
        % said
    )


def quoted(words: list[str]) -> str:
    """Words in quotation marks, parted as the reader's language does."""
    return _(", ").join(_("“%(word)s”") % {"word": word} for word in words)


def suggestions(session: Session, identity: Identity) -> list[Pair]:
    """Searches that found nothing and the words that then found something, unless the glossary knows them."""
    pairs = suggested_pairs(session, identity)[: 4 * MOST_SUGGESTED]
    keys = {fold_value(word) for pair in pairs for word in (pair.missed, pair.found)}
    together = [{word.key for word in group.words} for group in groups_holding(session, keys)] if keys else []
    new = [pair for pair in pairs if not _known(pair, together) and _possible(pair)]
    return new[:MOST_SUGGESTED]


def _known(pair: Pair, together: list[set[str]]) -> bool:
    return any({fold_value(pair.missed), fold_value(pair.found)} <= keys for keys in together)


def _possible(pair: Pair) -> bool:
    """Whether it could be added as it is: a sentence of a search is no word of the team."""
    try:
        return len(new_group({"term": pair.found, "synonyms": [pair.missed]})) > 1
    except Invalid:
        return False

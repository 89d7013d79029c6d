"""Typing ahead over titles, headings and tags."""

from __future__ import annotations

from heapq import nsmallest

from kb.search.analysis import fold_value
from kb.search.interface import Hit
from kb.search.scoring import Scope
from kb.search.snapshot import Snapshot

MAX_TYPED = 80


def ahead(snapshot: Snapshot, typed: str, scope: Scope, limit: int) -> tuple[Hit, ...]:
    """What has every typed word in its title, a heading or a tag, beginnings of titles first."""
    words = fold_value(typed[:MAX_TYPED]).split()
    if not words:
        return ()
    columns = snapshot.columns
    lines = columns.ahead
    first, *rest = sorted(words, key=len, reverse=True)
    found = [doc for doc in scope.documents if first in lines[doc]]
    for word in rest:
        found = [doc for doc in found if word in lines[doc]]
    whole = " ".join(words)
    grades = {doc: _grade(lines[doc], whole, words) for doc in found}
    ids, types, updated = columns.values["id"], columns.values["type"], columns.values["updated"]
    best = nsmallest(limit, found, key=lambda doc: (-grades[doc], -updated[doc], ids[doc]))
    return tuple(Hit(ids[doc], types[doc], grades[doc]) for doc in best)


def _grade(line: str, whole: str, words: list[str]) -> float:
    """How near it is: the title begins so, a word in it does, it is within, it stands elsewhere."""
    title, _, others = line.partition("\n")
    if title.startswith(whole):
        return 1.0
    if f" {whole}" in title:
        return 0.9
    if whole in title:
        return 0.8
    if all(word in title for word in words):
        return 0.7
    return 0.5 if whole in others else 0.3

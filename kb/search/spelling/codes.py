"""Order numbers and the like, with and without what joins them: RMA-4107, rma4107."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.search.query import Clause, Leaf, Other, Query, Sequence, Word
from kb.search.spelling.scope import Scope

AS_GOOD_AS_TYPED = 0.9
MOST_CODES = 4  # per query
MOST_PARTS = 4
_PARTS = re.compile(r"\d+|[^\W\d]+")


def coded(query: Query, scope: Scope) -> Query:
    """The query with its codes also in the other way they are written in the texts."""
    left = MOST_CODES
    clauses: list[Clause] = []
    for clause in query.clauses:
        other = _otherwise(clause.leaf, scope) if left and not clause.negated else None
        if other is not None:
            left -= 1
            clause = replace(clause, others=(*clause.others, Other(other, AS_GOOD_AS_TYPED)))
        clauses.append(clause)
    return replace(query, clauses=tuple(clauses)) if left < MOST_CODES else query


def _otherwise(leaf: Leaf, scope: Scope) -> Leaf | None:
    """A joined code in its parts, one in parts joined; None if it stands nowhere so."""
    if isinstance(leaf, Word):
        parts = _PARTS.findall(leaf.text)
        if 1 < len(parts) <= MOST_PARTS and scope.together(" ".join(parts)):
            return Sequence(tuple(map(Word, parts)), strict=False)
    elif isinstance(leaf, Sequence) and leaf.identifies:
        joined = "".join(part.text for part in leaf.parts)
        if len(leaf.parts) <= MOST_PARTS and scope.found(joined):
            return Word(joined)
    return None

"""Whether two Han that stand side by side somewhere are a word, or only meet there: 只保|留."""

from __future__ import annotations

from kb.search.analysis import bigrams
from kb.search.query import AS_GOOD, Clause, Run, Sequence
from kb.search.spelling.scope import Scope
from kb.search.spelling.vocabulary import is_chinese

OFTEN = 3  # documents with a pair that is surely meant
BOUND = 0.4  # of the documents with its rarer character hold a pair that is a word
# Words by themselves, found beside anything: that they stand beside something new is no mistake.
SMALL = frozenset(
    "的了是在不有和与及或我你他她它们这那谁吗呢吧啊也都就要会能可没被把给对从向到请怎么什哪几多少个"
    "一二三上下中前后新旧各每本该由为以查找看用做年月日号次第层线所受因又当比其并但而且还再才只最更很时名叫称"
    "让令使得已两地着过跟同往来于内外间里"
)


def explained(clause: Clause) -> bool:
    """Whether the team has other words for all of a clause; those for a part of a run keep the rest: 退钱神核."""
    own = set(bigrams(clause.leaf.text)) if isinstance(clause.leaf, Run) else set()
    for other in clause.others:
        parts = other.leaf.parts if isinstance(other.leaf, Sequence) else (other.leaf,)
        kept = (pair for part in parts if isinstance(part, Run) for pair in bigrams(part.text))
        if other.weight >= AS_GOOD and own.isdisjoint(kept):
            return True
    return False


def is_word(pair: str, scope: Scope, *, changed: int = 1) -> bool:
    """Whether a pair in scope may be offered for one of which so many characters are others."""
    count = scope.candidate(pair)
    if not count:
        return False
    if is_chinese(pair):
        return changed < 2 or is_usual(pair, scope)
    if pair[0] in SMALL or pair[1] in SMALL or not is_usual(pair, scope):
        return False
    return count >= BOUND * min(scope.count(pair[0]), scope.count(pair[1]))


def is_usual(pair: str, scope: Scope) -> bool:
    """Whether a pair stands in a title or in several documents."""
    return scope.candidate(pair) >= OFTEN or scope.titled(pair)

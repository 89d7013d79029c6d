"""The one policy table. interface.md, "Rights", in rows; nothing else decides."""

from __future__ import annotations

from dataclasses import dataclass

from kb.access.permissions import Permission as P
from kb.access.roles import Role as R


@dataclass(frozen=True)
class Rule:
    """Who is allowed: holders of a role, the object's author or owner, administrators, anyone signed in.

    The author or owner of what belongs to a handover only while a member of it.
    """

    roles: frozenset[R] = frozenset()
    author: bool = False
    owner: bool = False
    administrators: bool = False
    anyone: bool = False


MEMBERS = frozenset(R)
WRITERS = frozenset({R.LEAVER, R.SUCCESSOR, R.MANAGER, R.TRAINER})
# The three who sign.
PARTIES = frozenset({R.LEAVER, R.SUCCESSOR, R.MANAGER})
# A draft is for its author and these.
DRAFT_READERS = frozenset({R.MANAGER})

POLICY: dict[P, Rule] = {
    P.HANDOVER_CREATE: Rule(anyone=True),
    P.USERS_MANAGE: Rule(administrators=True),
    P.HANDOVER_JOIN: Rule(administrators=True),
    P.TEMPLATES_MANAGE: Rule(administrators=True),
    P.GLOSSARY_ADD: Rule(anyone=True),
    P.GLOSSARY_EDIT: Rule(author=True, administrators=True),
    P.HANDOVER_READ: Rule(MEMBERS),
    P.HANDOVER_EDIT: Rule(frozenset({R.MANAGER})),
    P.MEMBERS_MANAGE: Rule(frozenset({R.MANAGER})),
    P.ITEM_WRITE: Rule(frozenset({R.LEAVER, R.MANAGER})),
    P.ITEM_STATE: Rule(frozenset({R.LEAVER, R.SUCCESSOR, R.MANAGER})),
    P.NOTE_CREATE: Rule(WRITERS),
    P.NOTE_READ: Rule(MEMBERS),
    # A trainer writes notes and mends their own; only these change what others wrote.
    P.NOTE_EDIT: Rule(frozenset({R.LEAVER, R.SUCCESSOR, R.MANAGER}), author=True),
    # Whoever may mend it may say that nothing needs mending, and so may who answers for it.
    P.NOTE_CHECK: Rule(frozenset({R.LEAVER, R.SUCCESSOR, R.MANAGER}), author=True, owner=True),
    P.NOTE_DELETE: Rule(frozenset({R.LEAVER, R.MANAGER}), author=True),
    P.ANNOTATE: Rule(MEMBERS),
    P.ANNOTATION_EDIT: Rule(author=True),
    P.ANNOTATION_RESOLVE: Rule(WRITERS, author=True),
    P.GAPS_READ: Rule(frozenset({R.LEAVER, R.MANAGER})),
    P.SLOT_MARK: Rule(PARTIES),
    # Whoever takes it over says whether it is enough, not whoever wrote it.
    P.SLOT_ACCEPT: Rule(frozenset({R.SUCCESSOR, R.MANAGER})),
    P.REGISTER_WRITE: Rule(frozenset({R.LEAVER, R.MANAGER})),
    P.REGISTER_MOVE: Rule(PARTIES),
    P.MEETING_RECORD: Rule(WRITERS),
    P.PRACTICE_RECORD: Rule(WRITERS),
    P.PRACTICE_REMOVE: Rule(frozenset({R.MANAGER}), author=True),
    P.TRANSFER_OFFER: Rule(frozenset({R.LEAVER, R.MANAGER})),
    P.TRANSFER_ANSWER: Rule(owner=True),
    P.SIGN: Rule(PARTIES),
    P.SIGN_ANEW: Rule(frozenset({R.MANAGER})),
    P.RETROSPECT: Rule(PARTIES),
    P.PROPOSAL_DECIDE: Rule(frozenset({R.MANAGER})),
}

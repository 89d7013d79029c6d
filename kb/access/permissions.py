"""Everything that can be allowed, each by one name."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    # Site-wide
    HANDOVER_CREATE = "handover:create"
    USERS_MANAGE = "users:manage"
    HANDOVER_JOIN = "handover:join"  # an administrator adds themselves; it is recorded
    GLOSSARY_ADD = "glossary:add"
    GLOSSARY_EDIT = "glossary:edit"
    TEMPLATES_MANAGE = "templates:manage"
    # In a handover
    HANDOVER_READ = "handover:read"
    HANDOVER_EDIT = "handover:edit"
    MEMBERS_MANAGE = "members:manage"
    ITEM_WRITE = "item:write"
    ITEM_STATE = "item:state"
    NOTE_CREATE = "note:create"
    NOTE_READ = "note:read"
    NOTE_EDIT = "note:edit"
    NOTE_CHECK = "note:check"  # say that it is still right
    NOTE_DELETE = "note:delete"
    ANNOTATE = "annotation:create"
    ANNOTATION_EDIT = "annotation:edit"
    ANNOTATION_RESOLVE = "annotation:resolve"
    GAPS_READ = "gaps:read"  # what people looked for in vain
    SLOT_MARK = "slot:mark"  # point at the passage that fills it, or say why it is not needed
    SLOT_ACCEPT = "slot:accept"
    REGISTER_WRITE = "register:write"
    REGISTER_MOVE = "register:move"  # an entry to its next state, with evidence
    MEETING_RECORD = "meeting:record"
    PRACTICE_RECORD = "practice:record"
    PRACTICE_REMOVE = "practice:remove"  # a run that was recorded by mistake
    TRANSFER_OFFER = "transfer:offer"
    TRANSFER_ANSWER = "transfer:answer"  # take on what was offered, or decline
    SIGN = "signoff:sign"
    SIGN_ANEW = "signoff:anew"  # begin a signing that will supersede the last
    RETROSPECT = "retrospective:answer"
    PROPOSAL_DECIDE = "proposal:decide"

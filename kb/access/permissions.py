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

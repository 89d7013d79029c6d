"""Imports every table, for migrations and tests."""

from __future__ import annotations

from kb.activity.models import Event
from kb.annotations.models import Annotation, Reply
from kb.attachments.models import Attachment
from kb.checklists.models import Item, ItemSlot, Module
from kb.db import Base
from kb.handovers.models import Handover, Membership
from kb.notes.models import Draft, Note, NoteLink, Rendering, Revision, note_items
from kb.people.models import ApiToken, FailedSignIn, SignIn, User
from kb.search.gaps.models import Search, SearchPlace
from kb.search.glossary.models import GlossaryGroup, GlossaryStamp, GlossaryWord
from kb.search.models import Change

__all__ = [
    "Annotation", "ApiToken", "Attachment", "Base", "Change", "Draft", "Event", "FailedSignIn", "GlossaryGroup",
    "GlossaryStamp", "GlossaryWord", "Handover", "Item", "ItemSlot", "Membership", "Module", "Note", "NoteLink",
    "Rendering", "Reply", "Revision", "Search", "SearchPlace", "SignIn", "User", "note_items",
]  # fmt: skip

"""Imports every table, for migrations and tests."""

from __future__ import annotations

from kb.activity.models import Event
from kb.annotations.models import Annotation, Reply
from kb.attachments.models import Attachment
from kb.checklists.models import Item, ItemSlot, Module, TemplateVersion
from kb.db import Base
from kb.handovers.models import Handover, Membership, StageChange
from kb.import_export.models import Job
from kb.notes.models import Draft, Note, NoteLink, Rendering, Revision, SlotMark, note_items
from kb.notifications.models import CalendarFeed, Lease, Mail, MailChoice
from kb.offboarding.models import Transfer
from kb.people.models import ApiToken, FailedSignIn, SignIn, User
from kb.progress.models import CoverageDay
from kb.registers.models import Entry, EntryStep
from kb.rehearsals.models import Meeting, MeetingItem, PracticeRun
from kb.retrospectives.models import RetrospectiveAnswer, TemplateProposal
from kb.search.gaps.models import Search, SearchPlace
from kb.search.glossary.models import GlossaryGroup, GlossaryStamp, GlossaryWord
from kb.search.models import Change
from kb.signoff.models import Signature, Signoff

__all__ = [
    "Annotation", "ApiToken", "Attachment", "Base", "CalendarFeed", "Change", "CoverageDay", "Draft",
    "Entry", "EntryStep", "Event", "FailedSignIn", "GlossaryGroup", "GlossaryStamp", "GlossaryWord",
    "Handover", "Item", "ItemSlot", "Job", "Lease", "Mail", "MailChoice", "Meeting", "MeetingItem",
    "Membership", "Module", "Note", "NoteLink", "PracticeRun", "Rendering", "Reply",
    "RetrospectiveAnswer", "Revision", "Search", "SearchPlace", "SignIn", "Signature", "Signoff",
    "SlotMark", "StageChange", "TemplateProposal", "TemplateVersion", "Transfer", "User", "note_items",
]  # fmt: skip

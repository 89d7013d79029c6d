"""The answers of the API, field by field: what the OpenAPI document is made of."""

from typing import TypedDict

from kb.access.roles import Role
from kb.annotations.models import AnchorStatus, AnnotationKind, AnnotationState
from kb.checklists.models import Importance, ItemState, Level, Rhythm, Slot
from kb.handovers.models import Stage
from kb.notes.freshness import Freshness
from kb.notes.models import Kind, NoteStatus


class Me(TypedDict):
    """An account. Times everywhere are ISO 8601 with offset, ids strings, people their e-mail address."""

    id: str
    email: str
    name: str
    locale: str
    is_admin: bool


class Token(TypedDict):
    """An API token, shown once."""

    token: str
    expires_at: str | None


class TemplateAnswer(TypedDict):
    """A checklist to start from; `title` in the reader's language."""

    id: str
    title: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    version: int
    modules: int
    items: int


class MemberAnswer(TypedDict):
    """One person in one role."""

    email: str
    name: str
    role: Role


class CoverageAnswer(TypedDict):
    """Percent of slots captured by published notes; items with all of theirs, and the others."""

    percent: int
    covered: int
    missing: int


class HandoverAnswer(TypedDict):
    """A handover; `days_left` to the last day in the organisation's time zone, negative after it.

    `calendar_url`: the caller's own calendar feed, the whole address with its token.
    """

    id: str
    title: str
    position: str
    department: str
    language: str
    stage: Stage
    leaver: str | None
    last_day: str
    support_until: str | None
    confirmed_on: str | None
    confirmed_by: str
    template: str | None
    template_version: int | None
    days_left: int
    members: list[MemberAnswer]
    coverage: CoverageAnswer
    calendar_url: str
    created_at: str
    updated_at: str


class PracticeAsked(TypedDict):
    """Practice asked for before an item can be accepted: so many runs passed at this level or above."""

    level: Level
    runs: int


class ItemAnswer(TypedDict):
    """A checklist item; `next_on`: the day somebody named on which it comes round next."""

    id: str
    handover: str
    module: str
    title: str
    guidance: str
    importance: Importance
    state: ItemState
    due: str | None
    owner: str | None
    owner_name: str | None
    slots: list[Slot]
    rhythm: Rhythm | None
    next_on: str | None
    practice: PracticeAsked | None
    created_at: str
    updated_at: str


class NoteSummary(TypedDict):
    """A note in a list, without its text.

    `freshness` on the organisation's calendar: `due` from 14 days before `check_by`, `stale` 31 days after it.
    """

    id: str
    handover: str
    kind: Kind
    title: str
    purpose: str
    importance: Importance
    status: NoteStatus
    tags: list[str]
    language: str
    items: list[str]
    revision: int
    etag: str
    author: str | None
    author_name: str | None
    owner: str | None
    owner_name: str | None
    check_by: str | None
    checked_at: str | None
    checked_by: str | None
    checked_by_name: str | None
    freshness: Freshness
    url: str
    created_at: str
    updated_at: str
    deleted_at: str | None


class NoteAnswer(NoteSummary):
    """A note: `html` is safe to show, `text` is what annotation positions count in, in code points."""

    body: str
    html: str
    text: str


class RevisionSummary(TypedDict):
    """A save."""

    note: str
    revision: int
    title: str
    sha256: str
    author: str | None
    author_name: str | None
    created_at: str
    reason: str
    minor: bool
    proposed_by: str | None


class RevisionAnswer(RevisionSummary):
    """A note as it was saved once."""

    body: str
    kind: Kind
    purpose: str
    importance: Importance
    tags: list[str]
    language: str
    status: NoteStatus
    items: list[str]


class Anchor(TypedDict):
    """Where a passage stands now, in code points of the note's `text`; `exact` null when it is gone."""

    status: AnchorStatus
    exact: str | None
    start: int | None
    end: int | None


class Quote(TypedDict):
    """A passage as it was first marked, and what stood around it."""

    exact: str
    prefix: str
    suffix: str


class ReplyAnswer(TypedDict):
    """An answer under an annotation."""

    id: str
    annotation: str
    body: str
    author: str | None
    author_name: str | None
    created_at: str


class AnnotationAnswer(TypedDict):
    """A remark on a passage; `quote` and `revision` stay as first marked.

    confirmed: somebody said that the words of a `changed` passage are still its own. lost_revision: the revision
    that took an orphan's passage away. accepted_revision: the one that took a correction up.
    """

    id: str
    note: str
    kind: AnnotationKind
    body: str
    replacement: str | None
    author: str | None
    author_name: str | None
    state: AnnotationState
    resolved_by: str | None
    resolved_at: str | None
    anchor: Anchor
    confirmed: bool
    lost_revision: int | None
    accepted_revision: int | None
    quote: Quote
    revision: int
    replies: list[ReplyAnswer]
    created_at: str
    updated_at: str

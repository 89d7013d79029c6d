"""The answers of search, field by field."""

from typing import TypedDict

from kb.checklists.models import Importance
from kb.notes.models import NoteStatus


class HitHandover(TypedDict):
    id: str
    title: str


class HitTrust(TypedDict):
    """Of the checklist items a note is linked to, how many are accepted or practised; its open remarks."""

    items: int
    accepted: int
    practised: int
    corrections: int
    questions: int


class _Hit(TypedDict):
    type: str
    id: str
    title: str
    url: str
    snippet: str
    score: float
    handover: HitHandover
    updated_at: str


class HitAnswer(_Hit, total=False):
    """One thing found; `snippet` is HTML with nothing but <mark>."""

    note_id: str
    section: str
    path: list[str]
    kind: str
    importance: Importance
    state: str
    status: NoteStatus
    author_name: str
    trust: HitTrust


class FacetEntryAnswer(TypedDict):
    """One value of a facet: counted without the facet's own filter, with all others."""

    value: str
    label: str
    count: int


class SearchAnswer(TypedDict):
    """What a search found among what the caller may read; `total` is exact, `at` is for further pages."""

    query: str
    total: int
    took_ms: float
    hits: list[HitAnswer]
    facets: dict[str, list[FacetEntryAnswer]]
    suggestion: str | None
    expanded: list[str]
    missing: list[str]
    at: int | None
    degraded: bool


class SuggestionAnswer(TypedDict):
    """Something to jump to."""

    label: str
    url: str
    type: str


class SuggestAnswer(TypedDict):
    """At most ten of them."""

    items: list[SuggestionAnswer]

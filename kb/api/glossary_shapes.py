"""The answers of the glossary, field by field."""

from typing import TypedDict


class GlossaryAnswer(TypedDict):
    """Words that mean the same; whoever added the first of them may change them, an administrator too."""

    id: str
    term: str
    synonyms: list[str]
    added_by: str | None
    added_by_name: str | None
    created_at: str
    changed_at: str


class GlossaryAdded(GlossaryAnswer):
    """What came of adding: `joined` are the terms of groups that shared a word and are one with this now."""

    joined: list[str]

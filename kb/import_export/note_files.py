"""A note as a Markdown file: its facts as front matter, then its body to the byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml

from kb.notes.models import Note

# Without a limit of its own YAML folds long lines, and a reader of lines loses the rest.
_UNFOLDED = 1_000_000


def as_file(note: Note, items: Sequence[str]) -> bytes:
    """The file; `items` as they are named in it. Author and owner must be loaded."""
    facts = {
        "id": note.id,
        "title": note.title,
        "kind": note.kind,
        "importance": note.importance,
        "purpose": note.purpose,
        "tags": list(note.tags),
        "language": note.language,
        "items": list(items),
        "status": note.status,
        "revision": note.revision,
        "sha256": note.body_sha256,
        "author": _who(note.author),
        "owner": _who(note.owner),
        "created": _moment(note.created_at),
        "updated": _moment(note.updated_at),
    }
    return (f"---\n{front_matter(facts)}---\n\n{note.body}").encode()


def front_matter(facts: Mapping[str, Any]) -> str:
    """One line for each fact."""
    return "".join(
        yaml.safe_dump(
            {key: value}, allow_unicode=True, default_flow_style=False, sort_keys=False, width=_UNFOLDED
        )
        for key, value in facts.items()
        if value is not None
    )


def _who(user: Any) -> str | None:
    return f"{user.name} <{user.email}>" if user else None


def _moment(moment: datetime) -> str:
    return moment.isoformat()

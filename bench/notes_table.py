"""The notes of a bench as a table in SQLite: what is shown, and the tokens that rivals are given."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Any

from notes_corpus import Note
from tokens import tokens

from kb.markdown import Heading

COLUMNS = "number, title, body, outline, kind, module, tags"


def write_table(path: Path, stream: Iterable[Note]) -> int:
    """Write the notes; returns the bytes of their titles and bodies."""
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE notes ({COLUMNS.replace('number', 'number INTEGER PRIMARY KEY')}, tokens)")
    size = 0
    for note in stream:
        outline = json.dumps([astuple(heading) for heading in note.outline])
        words = " ".join(tokens(f"{note.title}\n{note.body}"))
        row = (
            note.number,
            note.title,
            note.body,
            outline,
            note.kind,
            note.module,
            json.dumps(note.tags),
            words,
        )
        base.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        size += len(f"{note.title}{note.body}".encode())
    base.commit()
    base.close()
    return size


def note_of(row: tuple[Any, ...]) -> Note:
    """A note from a row of COLUMNS."""
    number, title, body, outline, kind, module, tags = row
    headings = tuple(Heading(*one) for one in json.loads(outline))
    return Note(number, title, body, headings, kind, module, tuple(json.loads(tags)))

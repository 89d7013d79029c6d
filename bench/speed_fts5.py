"""Worker of bench/speed.py: SQLite FTS5 over our tokens, positions kept, without the texts.

Facets: all rows found are fetched and counted in Python; quicker here than a temporary table and GROUP BY.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from heapq import nsmallest
from typing import Any

from speed_worker import TOP, Answer, Job, System, main

FOUND = "SELECT rowid, rank FROM words WHERE words MATCH ?"
AHEAD = "SELECT rowid FROM titles WHERE titles MATCH ? ORDER BY rank LIMIT 10"


def quoted(words: list[str]) -> list[str]:
    return ['"' + word.replace('"', '""') + '"' for word in words]


class Fts5(System):
    typing_ahead = True
    base: sqlite3.Connection

    def build(self, job: Job) -> None:
        base = sqlite3.connect(job.folder / "fts5.sqlite3")
        made = "content = '', tokenize = 'unicode61 remove_diacritics 0'"
        base.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, {made})")
        base.execute(f"CREATE VIRTUAL TABLE titles USING fts5(text, {made}, prefix = '2 3')")
        base.execute("CREATE TABLE facets (number INTEGER PRIMARY KEY, kind TEXT, module TEXT)")
        base.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", job.rows("number, tokens"))
        base.executemany("INSERT INTO titles (rowid, text) VALUES (?, ?)", job.rows("number, title"))
        base.executemany("INSERT INTO facets VALUES (?, ?, ?)", job.rows("number, kind, module"))
        base.execute("INSERT INTO words (words) VALUES ('optimize')")
        base.execute("INSERT INTO titles (titles) VALUES ('optimize')")
        base.commit()

    def open(self, job: Job) -> None:
        if hasattr(self, "base"):
            self.base.close()
        else:
            self.base = sqlite3.connect(job.folder / "fts5.sqlite3")
            self.facets = {row[0]: row[1:] for row in self.base.execute("SELECT * FROM facets")}
            self.base.close()
        self.base = sqlite3.connect(job.folder / "fts5.sqlite3")
        self.base.execute("SELECT rowid FROM words WHERE words MATCH ?", ('"no such word"',)).fetchall()

    def ask(self, query: dict[str, Any]) -> Answer:
        rows = self.base.execute(FOUND, (" OR ".join(quoted(query["tokens"])),)).fetchall()
        top = nsmallest(TOP, rows, key=lambda row: row[1])
        facets = self.facets
        kinds = Counter(facets[row[0]][0] for row in rows)
        modules = Counter(facets[row[0]][1] for row in rows)
        return len(rows), [row[0] for row in top], len(kinds) + len(modules)

    def ahead(self, prefix: str) -> int:
        words = prefix.split()
        return len(self.base.execute(AHEAD, (" ".join(quoted(words)) + "*",)).fetchall()) if words else 0


if __name__ == "__main__":
    main(Fts5())

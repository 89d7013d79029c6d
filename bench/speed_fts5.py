"""Worker of bench/speed.py: SQLite FTS5 over our tokens, positions kept, without the texts.

Facets are counted in SQL, in the one statement that finds: of five ways tried the quickest.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from speed_worker import TOP, Answer, Job, System, main

IN_SQL = f"""
WITH found AS MATERIALIZED (SELECT rowid AS number, rank AS score FROM words WHERE words MATCH ?)
SELECT * FROM (SELECT 0, number, 0 FROM found ORDER BY score LIMIT {TOP})
UNION ALL SELECT 1, kind, count(*) FROM found JOIN facets USING (number) GROUP BY kind
UNION ALL SELECT 2, module, count(*) FROM found JOIN facets USING (number) GROUP BY module"""
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
        self.base = sqlite3.connect(job.folder / "fts5.sqlite3")

    def ask(self, query: dict[str, Any]) -> Answer:
        asked = " OR ".join(quoted(query["tokens"]))
        rows = self.base.execute(IN_SQL, (asked,)).fetchall()
        total = sum(count for part, _value, count in rows if part == 1)
        numbers = [value for part, value, _count in rows if part == 0]
        return total, numbers, len(rows) - len(numbers)

    def ahead(self, prefix: str) -> int:
        words = prefix.split()
        return len(self.base.execute(AHEAD, (" ".join(quoted(words)) + "*",)).fetchall()) if words else 0


if __name__ == "__main__":
    main(Fts5())

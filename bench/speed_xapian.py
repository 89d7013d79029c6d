"""Worker of bench/speed.py: Xapian over our tokens, positions kept, facets by its match spies.

Run by the system's Python, where the package `python3-xapian` puts it.
"""

from __future__ import annotations

from typing import Any

import xapian
from speed_worker import TOP, Answer, Job, System, main

LONGEST = 240  # bytes in a term


class Xapian(System):
    def build(self, job: Job) -> None:
        base = xapian.WritableDatabase(str(job.folder / "xapian"), xapian.DB_CREATE_OR_OPEN)
        for number, tokens, kind, module in job.rows("number, tokens, kind, module"):
            document = xapian.Document()
            for position, token in enumerate(tokens.split()):
                document.add_posting(token.encode()[:LONGEST], position)
            document.add_value(0, kind)
            document.add_value(1, module)
            base.replace_document(number + 1, document)
        base.commit()
        base.close()

    def open(self, job: Job) -> None:
        self.base = xapian.Database(str(job.folder / "xapian"))

    def ask(self, query: dict[str, Any]) -> Answer:
        enquire = xapian.Enquire(self.base)
        terms = [token.encode()[:LONGEST] for token in query["tokens"]]
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, terms))
        spies = [xapian.ValueCountMatchSpy(slot) for slot in (0, 1)]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, TOP, self.base.get_doccount())
        values = sum(len(list(spy.values())) for spy in spies)
        return found.get_matches_estimated(), [match.docid - 1 for match in found], values


if __name__ == "__main__":
    main(Xapian())

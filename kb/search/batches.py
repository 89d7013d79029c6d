"""Documents in batches: so many to a commit of the index, so many to a query of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, repeat

import structlog

from kb.db import Database
from kb.search import documents
from kb.search.interface import IndexBusy, SearchDocument
from kb.search.whoosh_index import SearchIndex

log = structlog.get_logger("kb.search")

# Documents in the commits of a rebuild: few at first, so that it is seen to move.
FIRST_COMMITS, COMMIT = (50, 100, 200), 500


def commits(names: list[str]) -> Iterator[tuple[int, list[str]]]:
    """How many are done after each batch, and the batch."""
    sizes = chain(FIRST_COMMITS, repeat(COMMIT))
    done = 0
    while batch := names[done : done + next(sizes)]:
        done += len(batch)
        yield done, batch


def load(database: Database, names: Iterable[str]) -> Iterator[SearchDocument]:
    """The documents of those of the names that are to be found, a few at a time."""
    by_kind: dict[str, list[str]] = {}
    for name in names:
        kind, _sep, object_id = name.partition(":")
        by_kind.setdefault(kind, []).append(object_id)
    with database.transaction(read_only=True) as session:
        for kind, ids in by_kind.items():
            for start in range(0, len(ids), documents.BATCH):
                yield from documents.load(session, kind, ids[start : start + documents.BATCH])
                session.expunge_all()


def write(index: SearchIndex, upserts: list[SearchDocument], deletes: list[str], position: int) -> None:
    """One commit; where a document cannot be indexed all others are, and the log names it.

    Raises what `SearchIndex.apply` raises when the index or the disk is the reason.
    """
    try:
        index.apply(upserts, deletes, position)
    except (OSError, IndexBusy):
        raise
    except Exception:
        index.verify()
        _write_each(index, upserts, deletes, position)


def _write_each(index: SearchIndex, upserts: list[SearchDocument], deletes: list[str], position: int) -> None:
    refused: list[str] = []
    for document in upserts:
        try:
            index.apply([document], [], index.position() or 0)
        except (OSError, IndexBusy):
            raise
        except Exception as error:
            refused.append(document.id)
            log.exception("a document cannot be indexed", id=document.id, error=str(error))
    index.apply([], [*deletes, *refused], position)

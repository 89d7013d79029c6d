"""Reading an index folder: always the newest commit, never a file that was touched behind our back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kb.search import integrity
from kb.search.answering import answer
from kb.search.interface import Filters, Hit, IndexUnavailable, Results
from kb.search.query import Query
from kb.search.snapshot import NamedSegment, Snapshot
from kb.search.typeahead import ahead

NAME = "kb"  # of the index within its folder
BIG = 400  # documents in a segment that is left alone when small ones are merged


class ReadableIndex:
    """The verbs that read; how a generation is opened is the subclass's."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = threading.RLock()
        self._segments: dict[str, NamedSegment] = {}
        self._watched = integrity.Watched()
        self._snapshot: Snapshot | None = None
        self._current()

    def search(
        self,
        query: Query,
        scopes: frozenset[str],
        filters: Filters,
        limit: int,
        offset: int = 0,
        without: frozenset[str] = frozenset(),
    ) -> Results:
        """A page of hits among the documents of the scopes, with the exact total and facets.

        The ids `without` count as if they were not there.
        """
        snapshot = self._current()
        return answer(snapshot, query, snapshot.scope(scopes, without), filters, limit, offset)

    def suggest(
        self, prefix: str, scopes: frozenset[str], limit: int, without: frozenset[str] = frozenset()
    ) -> tuple[Hit, ...]:
        """What has all typed words in its title, a heading or a tag; beginnings of titles first."""
        snapshot = self._current()
        return ahead(snapshot, prefix, snapshot.scope(scopes, without), limit)

    def position(self) -> int | None:
        """The number of the last change the index holds, None if it is new."""
        held = self._current().columns.position
        return held[1] if held else None

    def count(self) -> int:
        """How many documents can be found."""
        return len(self._current().numbers)

    def versions(self) -> Iterator[tuple[str, datetime]]:
        """Each document's id and the time of its last change, to compare with the database."""
        snapshot = self._current()
        for name, number in snapshot.numbers.items():
            yield name, datetime.fromtimestamp(snapshot.columns.values["updated"][number], UTC)

    def segments(self) -> int:
        """How many small segments wait to be merged; a few dozen make searches and commits slow."""
        return sum(len(segment.columns) < BIG for _, segment in self._current().parts)

    def verify(self) -> None:
        """Read every file again and raise IndexUnavailable if one is not as it was written."""
        with self._lock:
            self._current()
            self._watched.verify()

    def close(self) -> None:
        """Let go of the files; a search in another thread still finishes."""
        with self._lock:
            self._snapshot = None
            self._segments = {}
            self._watched = integrity.Watched()

    def _current(self) -> Snapshot:
        """The newest commit, opened once; every file is looked at before anything of it is read."""
        with self._lock:
            for _ in range(5):
                fresh = self._snapshot is None
                generation = integrity.latest(self._folder, NAME)
                try:
                    if self._snapshot is None or self._snapshot.generation != generation:
                        self._snapshot = self._open(generation)
                    self._watched.check()
                    return self._snapshot
                except IndexUnavailable:
                    self.close()
                    # What failed may have been kept too long, or swept away by another writer meanwhile.
                    if fresh and generation == integrity.latest(self._folder, NAME):
                        raise
        raise IndexUnavailable("the index changes faster than it can be opened")

    def _open(self, generation: int) -> Snapshot:
        """Look at every file of a generation, then read it; what is open already stays so."""
        raise NotImplementedError

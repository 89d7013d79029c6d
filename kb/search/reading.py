"""Reading an index folder: always the newest commit, never a file that was touched behind our back."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import structlog

from kb.search import integrity
from kb.search.answering import answer
from kb.search.interface import Filters, Hit, IndexUnavailable, Lexicon, Results, Sort
from kb.search.query import Query
from kb.search.segment import PostingsCache, Segment
from kb.search.snapshot import Snapshot
from kb.search.tables import Tables
from kb.search.typeahead import ahead

log = structlog.get_logger("kb.search")
NAME = "kb"  # of the index within its folder
PINNED = 200  # commits remembered for those who turn pages: which segments they have, little more
PINNED_SECONDS = 600.0


@contextmanager
def _damage() -> Iterator[None]:
    """Bytes that were changed so that nobody noticed lead to nowhere; the database answers then."""
    try:
        yield
    except (IndexError, UnicodeDecodeError) as error:
        log.exception("the index is damaged")
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error


class View:
    """One commit of the index, to ask as often as it takes to answer one request."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self.snapshot.generation

    @property
    def position(self) -> int | None:
        """The number of the last change it holds, None if it is new."""
        return self.snapshot.position

    def search(
        self,
        query: Query,
        scopes: frozenset[str],
        filters: Filters,
        limit: int,
        offset: int = 0,
        without: frozenset[str] = frozenset(),
        *,
        sort: Sort = Sort.BEST,
    ) -> Results:
        """A page of hits among the documents of the scopes, with the exact total and facets.

        The ids `without` count as if they were not there.
        """
        with _damage():
            scope = self.snapshot.scope(scopes, without)
            return answer(self.snapshot, query, scope, filters, limit, offset, sort)

    def suggest(
        self, prefix: str, scopes: frozenset[str], limit: int, without: frozenset[str] = frozenset()
    ) -> tuple[Hit, ...]:
        """What has all typed words in its title, a heading or a tag; beginnings of titles first."""
        with _damage():
            return ahead(self.snapshot, prefix, self.snapshot.scope(scopes, without), limit)

    def counts(
        self, name: str, scopes: frozenset[str], without: frozenset[str] = frozenset()
    ) -> list[tuple[str, int]]:
        """Every value of a facet in the scopes with how many documents have it, most frequent first."""
        scope = self.snapshot.scope(scopes, without)
        return self.snapshot.columns.counts(np.flatnonzero(scope.mask))[name]

    def lexicon(self, scopes: frozenset[str], without: frozenset[str] = frozenset()) -> Lexicon:
        """The words of the index, counted in the scopes."""
        return self.snapshot.lexicon(self.snapshot.scope(scopes, without))


class ReadableIndex:
    """The verbs that read; how a generation is opened is the subclass's."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = threading.RLock()
        self._tables = Tables()
        self._cache = PostingsCache()
        self._segments: dict[str, Segment] = {}
        self._watched = integrity.Watched()
        self._snapshot: Snapshot | None = None
        self._pinned: OrderedDict[int, tuple[float, Snapshot]] = OrderedDict()
        self._current()

    def now(self, at: int | None = None) -> View:
        """The newest commit, or the one of which pages are being turned while it is remembered."""
        return View(self._current() if at is None else self._remembered(at))

    def search(
        self,
        query: Query,
        scopes: frozenset[str],
        filters: Filters,
        limit: int,
        offset: int = 0,
        without: frozenset[str] = frozenset(),
        *,
        sort: Sort = Sort.BEST,
    ) -> Results:
        """A search of the newest commit."""
        return self.now().search(query, scopes, filters, limit, offset, without, sort=sort)

    def suggest(
        self, prefix: str, scopes: frozenset[str], limit: int, without: frozenset[str] = frozenset()
    ) -> tuple[Hit, ...]:
        """Typing ahead in the newest commit."""
        return self.now().suggest(prefix, scopes, limit, without)

    def position(self) -> int | None:
        """The number of the last change the index holds, None if it is new."""
        return self._current().position

    def count(self) -> int:
        """How many documents can be found."""
        return int(self._current().living.sum())

    def segments(self) -> int:
        """How many segments there are."""
        return len(self._current().segments)

    def versions(self) -> Iterator[tuple[str, datetime]]:
        """Id and time of last change of every document."""
        snapshot = self._current()
        updated = snapshot.columns.updated
        for number in np.flatnonzero(snapshot.living).tolist():
            yield snapshot.id(number), datetime.fromtimestamp(updated[number], UTC)

    def verify(self) -> None:
        """Read every file of the current commit and compare its checksum; raises IndexUnavailable."""
        with self._lock:
            self._current()
            self._watched.verify()

    def close(self) -> None:
        """Let go of the files; a search in another thread still finishes."""
        with self._lock:
            self._snapshot = None
            self._segments = {}
            self._watched = integrity.Watched()
            self._pinned.clear()

    def pin(self, view: View) -> None:
        """Remember the commit, for a while, for those who will turn pages."""
        with self._lock:
            self._forget()
            if view.generation not in self._pinned:
                self._pinned[view.generation] = (time.monotonic(), view.snapshot.light())

    def _remembered(self, at: int) -> Snapshot:
        newest = self._current()
        with self._lock:
            self._forget()
            if at == newest.generation or at not in self._pinned:
                return newest
            return self._pinned[at][1].light()

    def _forget(self) -> None:
        bound = time.monotonic() - PINNED_SECONDS
        while self._pinned and (len(self._pinned) >= PINNED or next(iter(self._pinned.values()))[0] < bound):
            self._pinned.popitem(last=False)

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

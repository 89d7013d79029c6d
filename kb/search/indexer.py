"""Keeping the index true: reads on in the change log from where the index stands, rebuilds what cannot be used."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from kb.clock import now
from kb.db import Database
from kb.notes.upkeep import renew_renderings
from kb.search import changes, documents
from kb.search.batches import commits, load, write
from kb.search.documents import document_id
from kb.search.folder import IndexFolder, WriterLock
from kb.search.interface import IndexStatus, IndexUnavailable
from kb.search.live import LiveIndex
from kb.search.merger import Merger
from kb.search.whoosh_index import SearchIndex

log = structlog.get_logger("kb.search")
CHANGES_AT_ONCE = 500
LOOK_EVERY = 0.1  # seconds; commits of this process wake the indexer at once
Progress = Callable[[int, int], None]


class Indexer:
    """Owns writing to one index folder, in one process at a time."""

    def __init__(self, database: Database, live: LiveIndex) -> None:
        self._database = database
        self._live = live
        self._folder: IndexFolder = live.folder
        self._lock = WriterLock(self._folder)
        self._stop = threading.Event()
        self._compared = False
        self._renewed = False
        self._thread: threading.Thread | None = None
        self._merger = Merger(live, self._lock)

    def start(self) -> None:
        """Index and merge in the background until `stop()`."""
        self._merger.start()
        self._thread = threading.Thread(target=self._run, name="kb-indexer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand and let go of the folder."""
        self._stop.set()
        self._merger.stop()
        changes.committed.set()
        if self._thread:
            self._thread.join(timeout=10)
        self._lock.release()

    def take_lock(self) -> bool:
        """Whether this process may write; False while another one does."""
        return self._lock.take()

    def catch_up(self) -> int:
        """Bring the index up to the log, rebuilding where it must be; returns how many changes were read."""
        try:
            index = self._sound_index()
            if index is None:
                return self.rebuild()
            return self._read_on(index)
        except IndexUnavailable as error:
            log.warning("index cannot be used, rebuilding", reason=str(error))
            self._live.close()
            return self.rebuild()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build a new index aside, in batches, and swap it in; returns how many documents it holds."""
        build = self._folder.new_build()
        try:
            index = SearchIndex.create(build)
            with self._database.transaction(read_only=True) as session:
                start = changes.newest(session)
                ids = [name for name, _at in documents.all_versions(session)]
            self._say(0, len(ids), progress)
            for done, batch in commits(ids):
                self._index_named(index, batch, start)
                self._say(done, len(ids), progress)
                if self._stop.is_set():
                    raise IndexUnavailable("stopped while rebuilding")
            if not ids:
                index.apply((), (), start)
            self._read_on(index)
            index.close()
            self._folder.swap_in(build)
            self._merger.wake()
            self._compared = True
            return len(ids)
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            self._folder.say_progress(None)
            raise

    def ask_for_rebuild(self) -> None:
        """Let the process that writes this index build it anew, soon."""
        self._folder.ask_for_rebuild()
        changes.committed.set()

    def answer_request(self, progress: Progress | None = None) -> None:
        """Rebuild if somebody asked for it; for the holder of the lock."""
        if not self._folder.rebuild_wanted():
            return
        try:
            self.rebuild(progress)
        finally:
            # Whoever is stopped leaves the request to the next; what failed otherwise is not tried for ever.
            if not self._stop.is_set():
                self._folder.rebuild_over()

    def status(self) -> IndexStatus:
        """How the index stands now."""
        progress, wanted = self._folder.progress(), self._folder.rebuild_wanted()
        with self._database.transaction(read_only=True) as session:
            try:
                index = self._live.current()
                position, held = index.position() or 0, index.count()
            except IndexUnavailable:
                state = "rebuilding" if progress else "unavailable"
                return IndexStatus(state, 0.0, 0, progress=progress, wanted=wanted)
            waiting = changes.after(session, position, CHANGES_AT_ONCE)
            lag = (now() - waiting[0].at).total_seconds() if waiting else 0.0
        state = "rebuilding" if progress else "behind" if lag > 5 else "ready"
        size = self._folder.size()
        return IndexStatus(state, max(0.0, lag), held, len(waiting), progress, size, wanted)

    def build(self) -> str | None:
        """The name of the current build, to see whether another one took its place."""
        try:
            return self._folder.current().name
        except IndexUnavailable:
            return None

    def differences(self) -> list[str]:
        """Ids that the index lacks, has of another time, or has too much."""
        index = self._live.current()
        held = dict(index.versions())
        with self._database.transaction(read_only=True) as session:
            wanted = dict(documents.all_versions(session))
        return sorted(
            name for name in held.keys() | wanted.keys() if _differs(held.get(name), wanted.get(name))
        )

    def verify(self) -> list[str]:
        """Read every file of the index again and compare it with the database; raises IndexUnavailable."""
        self._live.current().verify()
        return self.differences()

    def _sound_index(self) -> SearchIndex | None:
        """The current index if the log still reaches back to it; None if it must be built again."""
        index = self._live.current()
        position = index.position()
        with self._database.transaction(read_only=True) as session:
            newest, oldest = changes.newest(session), changes.oldest(session)
        if position is None or position > newest or (oldest and position < oldest - 1):
            return None
        if not self._compared:
            # An index that opens may still be an old copy or another database's.
            self._mend(index)
            self._compared = True
            self._folder.tidy(self._folder.current())
        return index

    def _mend(self, index: SearchIndex) -> None:
        self._read_on(index)
        wrong = self.differences()
        for _done, batch in commits(wrong):
            self._index_named(index, batch, index.position() or 0)
        if wrong:
            log.warning("index differed from the database and was mended", documents=len(wrong))

    def _read_on(self, index: SearchIndex) -> int:
        read = 0
        while not self._stop.is_set():
            with self._database.transaction(read_only=True) as session:
                rows = changes.after(session, index.position() or 0, CHANGES_AT_ONCE)
                if not rows:
                    break
                touched = documents.affected(session, ((row.type, row.object_id) for row in rows))
                names = [document_id(kind, one) for kind, ids in touched.items() for one in ids]
                upserts = list(load(self._database, names))
            found = {document.id for document in upserts}
            write(index, upserts, [name for name in names if name not in found], rows[-1].seq)
            self._merger.wake()
            read += len(rows)
        return read

    def _index_named(self, index: SearchIndex, names: list[str], position: int) -> None:
        upserts = list(load(self._database, names))
        found = {document.id for document in upserts}
        write(index, upserts, [name for name in names if name not in found], position)
        self._merger.wake()

    def _say(self, done: int, total: int, progress: Progress | None) -> None:
        self._folder.say_progress((done, total))
        if progress:
            progress(done, total)

    def _renew(self) -> None:
        """Once, before anything is indexed: what another version of the renderer made is made again."""
        if not self._renewed:
            renewed = renew_renderings(self._database, self._stop.is_set)
            self._renewed = True
            if renewed:
                log.info("notes were rendered again", notes=renewed)

    def _run(self) -> None:
        while not self._stop.is_set():
            changes.committed.clear()
            try:
                held = self._lock.held
                if self.take_lock():
                    if not held:
                        self._merger.wake()
                    self._renew()
                    self.answer_request()
                    self.catch_up()
            except Exception as error:
                # Full disk, database away, folder unwritable: search falls back, and we try again.
                log.warning("indexing failed, will try again", error=f"{type(error).__name__}: {error}")
                self._stop.wait(2)
            changes.committed.wait(LOOK_EVERY)


def _differs(held: datetime | None, wanted: datetime | None) -> bool:
    return held is None or wanted is None or abs((held - wanted).total_seconds()) > 0.001


def open_indexer(database: Database, root: Path) -> Indexer:
    """An indexer over a folder, for the command line."""
    return Indexer(database, LiveIndex(root))

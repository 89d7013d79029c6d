"""The index on disk, with Whoosh: one folder, one writer, any number of readers; scoring is not Whoosh's."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.fields import STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, LockError

from kb.search import integrity, merging
from kb.search.analysis import NO_PLACES, Use, index_terms, width
from kb.search.codec import ROW, TITLE, CompactCodec
from kb.search.codec import TEXT as TEXT_FIELD
from kb.search.columns import field_texts, stored
from kb.search.interface import IndexBusy, IndexUnavailable, SearchDocument
from kb.search.merging_apart import merge_apart
from kb.search.reading import NAME, ReadableIndex
from kb.search.sealing import after_contents, before_contents, position_file
from kb.search.segment import Segment
from kb.search.segment_file import EXTENSION
from kb.search.snapshot import Snapshot
from kb.search.versions import VERSIONS

LOCK_SECONDS = 5.0
APART_FROM = 500  # documents; starting a process takes as long as merging some hundred
Analysed = tuple[dict[str, Use], int]


class _Terms(TEXT):  # type: ignore[misc]
    """A field that is given its terms, their weights and places ready made, and its length."""

    def index(self, value: Analysed, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Per term: its bytes, its share of the field's length, its weight, its places."""
        terms, length = value
        for term, use in terms.items():
            yield term.encode(), length, use.halves / 2, use.places.tobytes()
            length = 0  # Whoosh adds them up: said once, with the first term


def _schema() -> Schema:
    fields = {name: _Terms(phrase=True, stored=False) for name in (TEXT_FIELD, TITLE)}
    return Schema(**{ROW: STORED}, **fields)


class _Storage(FileStorage):  # type: ignore[misc]
    """Files that are on the disk, and sealed, before the table of contents names them."""

    position: int | None = None  # what the next table of contents holds

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        before_contents(folder, oldname, newname, self.position)
        super().rename_file(oldname, newname, safe)
        after_contents(folder, newname)

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """Where postings go that do not fit into memory: seldom any, so the folder is made when they come."""
        return _Overflow(str(Path(self.folder) / (name or f"{NAME}.tmp")))


class _Overflow(FileStorage):  # type: ignore[misc]
    """A folder that is made with its first file."""

    def create_file(self, name: str, *given: Any, **named: Any) -> Any:
        Path(self.folder).mkdir(exist_ok=True)
        return super().create_file(name, *given, **named)

    def destroy(self) -> None:
        if Path(self.folder).exists():
            super().destroy()


@contextmanager
def _damage() -> Iterator[None]:
    """Whoosh reports damage by any exception there is."""
    try:
        yield
    except (IndexUnavailable, OSError):
        raise
    except Exception as error:
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error


class SearchIndex(ReadableIndex):
    """Few verbs over one folder; safe to use from many threads, one of which may write and one merge."""

    def __init__(self, folder: Path) -> None:
        self._writing = threading.Lock()
        super().__init__(folder)

    @classmethod
    def create(cls, folder: Path) -> SearchIndex:
        """Make an empty index in a folder that is absent or holds none."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / integrity.META).exists():
            raise FileExistsError(folder / integrity.META)
        _Storage(str(folder)).create_index(_schema(), NAME)
        integrity.write_versions(folder, VERSIONS)
        return cls(folder)

    def apply(self, upserts: Iterable[SearchDocument], deletes: Iterable[str], position: int) -> None:
        """Write all of it and the number of the last change in one commit; doing it twice is harmless.

        Raises IndexBusy while another process writes, OSError if the disk refuses (nothing has changed then).
        """
        rows = {document.id: _analysed(document) for document in upserts}
        gone = rows.keys() | set(deletes)
        with self._writing, self._writer(position) as writer:
            for number in self._current().numbers_of(gone):
                writer.delete_document(number)
            for row in rows.values():
                writer.add_document(**row)
            writer.commit(mergetype=_keep)

    def merge(
        self, stopped: Callable[[], bool] = lambda: False, *, big: bool = False, quiet: bool = False
    ) -> bool:
        """Write small segments, or `big` or worn ones, into one; whether there was anything to do.

        While it is `quiet` fewer small ones may stay. Commits and searches go on meanwhile; for one thread for each
        of both kinds, of the process that writes. Raises InterruptedError when `stopped` says so, and what `apply`
        raises.
        """
        snapshot = self._current()
        chosen = merging.big(snapshot.parts) if big else merging.small(snapshot.parts, quiet=quiet)
        if not chosen:
            return False
        parts = [snapshot.parts[place] for place in chosen]
        aside = self._folder / f"merging-{os.getpid()}-{'big' if big else 'small'}.part"
        try:
            with _damage():
                _write_aside(parts, aside, merging.Pace(stopped, len(snapshot.parts)), stopped)
            numbers = merging.renumbered(parts)
            with self._writing, self._writer(self._current().position) as writer:
                writer.commit(mergetype=lambda _, segments: _swapped(segments, parts, numbers, aside))
        finally:
            aside.unlink(missing_ok=True)
        return True

    @contextmanager
    def _writer(self, position: int | None) -> Iterator[Any]:
        """Whoosh's writer under its lock, for one commit; what it leaves unfinished is given up."""
        snapshot = self._current()
        storage = _Storage(str(self._folder))
        storage.position = position
        try:
            writer = storage.open_index(NAME).writer(timeout=LOCK_SECONDS, limitmb=16, codec=CompactCodec())
        except LockError as error:
            raise IndexBusy(str(self._folder)) from error
        try:
            if writer.generation != snapshot.generation + 1:
                raise IndexUnavailable("the table of contents changed under the writer's lock")
            yield writer
        except BaseException as error:
            integrity.sweep_segments(self._folder, NAME, {segment.name for segment in snapshot.segments})
            _abandon(writer)
            if isinstance(error, OSError | IndexUnavailable) or not isinstance(error, Exception):
                raise
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _open(self, generation: int) -> Snapshot:
        """Look at every file of a generation, then read it; what is open already stays so."""
        integrity.compare_versions(self._folder, VERSIONS)
        toc = self._folder / f"_{NAME}_{generation}.toc"
        watched = integrity.Watched()
        watched.add(self._folder / integrity.META, sealed=False)
        watched.add(toc)
        beside = position_file(self._folder, toc.name)
        position = None
        if beside.exists():
            watched.add(beside)
            position = int(beside.read_text(encoding="ascii"))
        elif generation:
            raise IndexUnavailable(f"{beside.name} is gone")
        with _damage():
            contents = TOC.read(FileStorage(str(self._folder)), NAME, gen=generation)
            parts: list[merging.Part] = []
            for listed in contents.segments:
                path = self._folder / f"{listed.segment_id()}{EXTENSION}"
                watched.add(path, known=self._watched)
                segment = self._segments.get(path.stem) or Segment(path, self._tables, self._cache)
                parts.append((segment, frozenset(listed.deleted_docs())))
        self._segments = {segment.name: segment for segment, _ in parts}
        self._watched = watched
        return Snapshot(generation, position, parts, self._tables)


def _analysed(document: SearchDocument) -> dict[str, Any]:
    """A document as the writer takes it: its stored row, and its terms."""
    text, length = index_terms(field_texts(document))
    titled, titled_length = index_terms([(document.title, 2)])
    for use in titled.values():
        use.places = NO_PLACES  # they stand with the text
    row = stored(document, width(document.title))
    return {ROW: row, TEXT_FIELD: (text, length), TITLE: (titled, titled_length)}


def _write_aside(
    parts: list[merging.Part], aside: Path, pace: merging.Pace, stopped: Callable[[], bool]
) -> None:
    """Merge into a file that nothing names yet; in a process of its own if it takes long enough to be worth one."""
    for left in aside.parent.glob("merging-*.part"):
        if not left.name.startswith(f"merging-{os.getpid()}-"):
            left.unlink(missing_ok=True)  # of a process that was killed
    documents = sum(len(segment) - len(gone) for segment, gone in parts)
    if documents < APART_FROM or not merge_apart(parts, aside, stopped):
        merging.write_merged(parts, aside, pace)


def _keep(_: Any, segments: list[Any]) -> list[Any]:
    """Merge policy: none, but segments without a living document go."""
    return [segment for segment in segments if segment.doc_count_all() > segment.deleted_count()]


def _swapped(segments: list[Any], parts: list[merging.Part], numbers: list[Any], aside: Path) -> list[Any]:
    """The segments with one in the place of those merged; what was deleted meanwhile is deleted in it."""
    merged = CompactCodec().new_segment(None, NAME)
    merged.set_doc_count(sum(len(segment) - len(gone) for segment, gone in parts))
    listed = {segment.segment_id(): segment for segment in segments}
    for (segment, gone), renumbered in zip(parts, numbers, strict=True):
        still = listed.get(segment.name)  # none if all of it was deleted meanwhile
        now_gone = range(len(segment)) if still is None else still.deleted_docs()
        for number in set(now_gone) - gone:
            merged.delete_document(int(renumbered[number]))
    names = {segment.name for segment, _ in parts}
    if merged.doc_count_all():
        aside.rename(aside.with_name(merged.make_filename(EXTENSION)))
    return _keep(None, [merged, *(segment for segment in segments if segment.segment_id() not in names)])


def _abandon(writer: Any) -> None:
    """Give the lock back whatever state the writer is in; what it wrote is named by no table of contents."""
    with suppress(Exception):
        writer.cancel()
    with suppress(Exception):
        writer.writelock.release()

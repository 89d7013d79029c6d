"""The index on disk, with Whoosh: one folder, one writer, any number of readers; scoring is not Whoosh's."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh.fields import STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, LockError
from whoosh.reading import SegmentReader, TermNotFound

from kb.search import integrity
from kb.search.analysis import index_terms
from kb.search.columns import POSITION, TEXT_FIELDS, Columns, stored, texts
from kb.search.interface import IndexBusy, IndexUnavailable, SearchDocument
from kb.search.positions import pack, unpack
from kb.search.reading import BIG, NAME, ReadableIndex
from kb.search.snapshot import NamedSegment, Postings, Snapshot
from kb.search.versions import VERSIONS

CACHED_PER_DOCUMENT = 50  # decoded postings kept in memory, 8 bytes each
LEXICON = 2000  # words looked at for one prefix
LOCK_SECONDS = 5.0


class Analysed(TEXT):  # type: ignore[misc]
    """A field that is given its terms and positions ready made, instead of a text."""

    def index(self, value: dict[str, list[int]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Per term: its bytes, how often it stands there, its weight, its encoded positions."""
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), pack(positions)


def _schema() -> Schema:
    return Schema(row=STORED, **{name: Analysed(phrase=True, stored=False) for name in TEXT_FIELDS})


class _Storage(FileStorage):  # type: ignore[misc]
    """Files that are on the disk, and sealed, before the table of contents names them."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        for path in folder.glob(f"{NAME}_*.seg"):
            if not path.with_name(path.name + integrity.SUFFIX).exists():
                integrity.seal(path)
        integrity.seal(folder / oldname, under=folder / newname)
        super().rename_file(oldname, newname, safe)
        integrity.flush_folder(folder)


@contextmanager
def _damage() -> Iterator[None]:
    """Whoosh reports damage by any exception there is."""
    try:
        yield
    except IndexUnavailable:
        raise
    except Exception as error:
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error


class WhooshSegment:
    """One immutable segment: its stored columns, and its postings, decoded once and kept."""

    def __init__(self, name: str, storage: FileStorage, segment: Any) -> None:
        self.name = name
        self._lock = threading.Lock()  # Whoosh's readers seek in shared files
        self._cache: dict[tuple[str, str], Postings] = {}
        self._cached = 0
        self.columns = Columns()
        with _damage():
            self._reader = SegmentReader(storage, _schema(), segment)
            shared: dict[Any, Any] = {}
            for number in range(self._reader.doc_count_all()):
                self.columns.append(self._reader.stored_fields(number).get("row"), shared)

    def postings(self, name: str, term: str) -> Postings:
        """Document numbers within the segment, and weights."""
        with self._lock:
            found = self._cache.get((name, term))
            if found is None:
                found = self._decode(name, term)
                if self._cached > 20_000 + CACHED_PER_DOCUMENT * len(self.columns):
                    self._cache.clear()
                    self._cached = 0
                self._cache[name, term] = found
                self._cached += len(found[0]) + 16
            return found

    def _decode(self, name: str, term: str) -> Postings:
        documents, weights = array("I"), array("f")
        with _damage():
            try:
                matcher = self._reader.postings(name, term)
            except TermNotFound:
                return documents, weights
            while matcher.is_active():
                documents.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
        return documents, weights

    def positions(self, name: str, term: str, documents: Iterable[int]) -> dict[int, list[int]]:
        """Where the term stands in those of the documents (ascending) that have it."""
        found: dict[int, list[int]] = {}
        with self._lock, _damage():
            try:
                matcher = self._reader.postings(name, term)
            except TermNotFound:
                return found
            for number in documents:
                if not matcher.is_active():
                    break
                if matcher.id() < number:
                    matcher.skip_to(number)
                if matcher.is_active() and matcher.id() == number:
                    found[number] = unpack(matcher.value())
        return found

    def beginning(self, name: str, prefix: str) -> list[str]:
        """Words of the field's lexicon that begin so, at most LEXICON."""
        with self._lock, _damage():
            return [term.decode() for term in islice(self._reader.expand_prefix(name, prefix), LEXICON)]


class SearchIndex(ReadableIndex):
    """Few verbs over one folder; safe to use from many threads, one of which may write."""

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

    def apply(
        self,
        upserts: Iterable[SearchDocument],
        deletes: Iterable[str],
        position: int,
        merge: bool = False,
    ) -> None:
        """Write all of it and the number of the last change in one commit; doing it twice is harmless.

        Raises IndexBusy while another process writes, OSError if the disk refuses (nothing has changed then).
        """
        rows = {document.id: _analysed(document) for document in upserts}
        gone = rows.keys() | set(deletes)
        with self._writing:
            writer = self._writer()
            try:
                snapshot = self._current()
                if writer.generation != snapshot.generation + 1:
                    raise IndexUnavailable("the table of contents changed under the writer's lock")
                for number in snapshot.numbers_of(gone):
                    writer.delete_document(number)
                for row in rows.values():
                    writer.add_document(**row)
                writer.add_document(row=(POSITION, position))
                integrity.sweep(self._folder, NAME, snapshot.generation)
                writer.commit(mergetype=_merge_small if merge else _keep)
            except BaseException as error:
                _abandon(writer)
                if isinstance(error, OSError | IndexUnavailable) or not isinstance(error, Exception):
                    raise
                raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _writer(self) -> Any:
        self._current()
        try:
            return _Storage(str(self._folder)).open_index(NAME).writer(timeout=LOCK_SECONDS, limitmb=32)
        except LockError as error:
            raise IndexBusy(str(self._folder)) from error

    def _open(self, generation: int) -> Snapshot:
        """Look at every file of a generation, then read it; what is open already stays so."""
        integrity.compare_versions(self._folder, VERSIONS)
        toc = self._folder / f"_{NAME}_{generation}.toc"
        watched = integrity.Watched()
        watched.add(self._folder / integrity.META, sealed=False)
        watched.add(toc)
        # Read, not mapped: of a mapped segment Whoosh copies every part into memory.
        storage = FileStorage(str(self._folder), supports_mmap=False)
        with _damage():
            contents = TOC.read(storage, NAME, gen=generation)
        parts: list[tuple[NamedSegment, frozenset[int]]] = []
        for segment in contents.segments:
            name = segment.segment_id()
            watched.add(self._folder / f"{name}.seg", known=self._watched)
            opened = self._segments.get(name) or WhooshSegment(name, storage, segment)
            parts.append((opened, frozenset(segment.deleted_docs())))
        self._segments = {segment.name: segment for segment, _ in parts}
        self._watched = watched
        return Snapshot(generation, parts)


def _analysed(document: SearchDocument) -> dict[str, Any]:
    """A document as the writer takes it: its stored row, and its terms with positions by field."""
    analysed = {name: index_terms(text) for name, text in texts(document).items()}
    row = stored(document, {name: length for name, (_, length) in analysed.items()})
    return {"row": row, **{name: terms for name, (terms, _) in analysed.items() if terms}}


def _keep(_: Any, segments: list[Any]) -> list[Any]:
    """Merge policy: none, but segments without a living document go."""
    return [segment for segment in segments if segment.doc_count() > 0]


def _merge_small(writer: Any, segments: list[Any]) -> list[Any]:
    """Merge policy: keep from the biggest down what outweighs all smaller ones together, merge the rest.

    Big ones always stay: merging takes some 4 ms a document, and a few dozen segments cost a search little.
    """
    waiting = sorted(_keep(writer, segments), key=lambda segment: segment.doc_count())
    kept = []
    while waiting:
        smaller = sum(each.doc_count() for each in waiting[:-1])
        if waiting[-1].doc_count() < min(BIG, max(BIG // 4, smaller)):
            break
        kept.append(waiting.pop())
    for segment in waiting:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


def _abandon(writer: Any) -> None:
    """Give the lock back whatever state the writer is in; what it wrote is named by no table of contents."""
    with suppress(Exception):
        writer.cancel()
    with suppress(Exception):
        writer.writelock.release()

"""Whoosh's codec for our segments: Whoosh writes and commits by it, and its own searchers can read it.

Beside Whoosh's default it leaves out the positions of single Han, keeps postings as plain arrays and shares the
beginnings of terms, which makes an index a fraction of the size and needs no decoding posting by posting.
The readers at the end serve Whoosh's own searchers, which prove ours right (tests); ours read the file itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Segment
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from kb.search.analysis import EXACT
from kb.search.columns import pack_columns, unpack_rows
from kb.search.lexicon import WORDS, pack_pairs, pack_words
from kb.search.postings import MOST, Entry
from kb.search.segment_file import EXTENSION, SegmentFile, SegmentFileWriter

TEXT, TITLE, ROW = "text", "title", "row"


class CompactCodec(base.Codec):  # type: ignore[misc]
    """One instance serves one writer; readers need none of its state."""

    length_stats = False

    def __init__(self) -> None:
        self._documents = _DocumentWriter()

    def __getstate__(self) -> dict[str, Any]:
        return {}  # the table of contents names the codec, not what it is writing

    def new_segment(self, _storage: Any, name: str) -> Any:
        return _Segment(self, name)

    def per_document_writer(self, _storage: Any, _segment: Any) -> _DocumentWriter:
        return self._documents

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        return _FieldWriter(storage.create_file(segment.make_filename(EXTENSION)), self._documents)

    def terms_reader(self, storage: Any, segment: Any) -> _TermsReader:
        return _TermsReader(_open(storage, segment))

    def per_document_reader(self, storage: Any, segment: Any) -> _DocumentReader:
        return _DocumentReader(_open(storage, segment), segment)


class _Segment(W3Segment):  # type: ignore[misc]
    def should_assemble(self) -> bool:
        return False  # it is one file already


def _open(storage: Any, segment: Any) -> SegmentFile:
    return SegmentFile(Path(storage.folder) / segment.make_filename(EXTENSION))


class _DocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Collects what is stored of each document; the field writer puts it into the file."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.lengths: list[int] = []
        self.is_closed = False

    def start_doc(self, _number: int) -> None:
        self.lengths.append(0)

    def add_field(self, name: str, _field: Any, value: Any, length: int) -> None:
        if name == ROW:
            self.rows.append(value)
        elif name == TEXT:
            self.lengths[-1] = length

    def cancel_doc(self) -> None:
        self.lengths.pop()
        del self.rows[len(self.lengths) :]

    def close(self) -> None:
        self.is_closed = True


class _FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Takes postings in the order of fields, terms and documents."""

    def __init__(self, file: BinaryIO, documents: _DocumentWriter) -> None:
        self._file = file
        self._out = SegmentFileWriter(file)
        self._from = documents
        self._words: list[bytes] = []
        self._pairs: list[bytes] = []
        self._field = ""
        self.is_closed = False

    def start_field(self, name: str, _field: Any) -> None:
        self._field = name

    def start_term(self, term: bytes) -> None:
        self._term = term
        self._numbers: list[int] = []
        self._halves: list[int] = []
        self._counts: list[int] = []
        self._positions: list[bytes] = []

    def add(self, number: int, weight: float, value: bytes, _length: int) -> None:
        self._numbers.append(number)
        self._halves.append(min(MOST, round(weight * 2)))
        self._counts.append(len(value) // 2)  # a posting's value is its places, two bytes each
        self._positions.append(value)

    def finish_term(self) -> None:
        places = b"".join(self._positions)
        self._out.add_term(self._field, self._term, self._numbers, self._counts, self._halves, places)
        if self._field == TEXT:
            note_word(self._term, self._words, self._pairs)

    def close(self) -> None:
        finish(self._out, self._from.rows, self._from.lengths, self._words, self._pairs)
        self._file.close()
        self.is_closed = True


def note_word(term: bytes, words: list[bytes], pairs: list[bytes]) -> None:
    """Keep a word as it is written, or a pair of Han, for spelling."""
    if term[0] == ord(EXACT):
        words.append(term[1:])
    elif len(term) == 6 and term[0] >= 0xE3:
        pairs.append(term)


def finish(
    out: SegmentFileWriter, rows: list[Any], lengths: list[int], words: list[bytes], pairs: list[bytes]
) -> None:
    """Write what stands behind the postings."""
    for name, content in pack_columns(rows, lengths).items():
        out.add_part(name, content)
    out.add_part(WORDS, pack_words(words))
    for name, content in pack_pairs(pairs).items():
        out.add_part(name, content)
    out.finish()


class _TermsReader(base.TermsReader):  # type: ignore[misc]
    """The dictionaries, as Whoosh's searchers ask for them."""

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    def _entry(self, field: str, term: bytes) -> Entry:
        entry = self._file.dictionary(field).find(term)
        if entry is None:
            raise TermNotFound(f"No term {field}:{term!r}")
        return entry

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._file.dictionary(term[0]).find(term[1]) is not None

    def indexed_field_names(self) -> tuple[str, ...]:
        return TEXT, TITLE

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for field in sorted(self.indexed_field_names()):
            for term, _ in self._file.dictionary(field).since():
                yield field, term

    def terms_from(self, field: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return ((field, term) for term, _ in self._file.dictionary(field).since(prefix))

    def term_info(self, field: str, term: bytes) -> TermInfo:
        postings = self._file.postings(self._entry(field, term))
        info = TermInfo()
        for number, weight in zip(postings.documents.tolist(), postings.weights.tolist(), strict=True):
            info.add_posting(number, weight, 1)
        return info

    def frequency(self, field: str, term: bytes) -> float:
        return float(self._file.postings(self._entry(field, term)).weights.sum())

    def doc_frequency(self, field: str, term: bytes) -> int:
        entry = self._file.dictionary(field).find(term)
        return entry.documents if entry else 0

    def matcher(self, field: str, term: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        postings = self._file.postings(self._entry(field, term))
        return ListMatcher(
            postings.documents.tolist(), postings.weights.tolist(), format=format_, scorer=scorer,
            term=(field, term), terminfo=self.term_info(field, term),
        )  # fmt: skip


class _DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths and deletions, as Whoosh's searchers ask for them; rows are read as columns elsewhere."""

    def __init__(self, file: SegmentFile, segment: Any) -> None:
        self._segment = segment
        self._lengths = unpack_rows(file.part)[1]

    def doc_count(self) -> int:
        return int(self._segment.doc_count_all() - self._segment.deleted_count())

    def doc_count_all(self) -> int:
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted_count())

    def is_deleted(self, number: int) -> bool:
        return bool(self._segment.is_deleted(number))

    def deleted_docs(self) -> frozenset[int]:
        return frozenset(self._segment.deleted_docs())

    def doc_field_length(self, number: int, field: str, default: int = 0) -> int:
        return self._lengths[number] if field == TEXT else default

    def field_length(self, field: str) -> int:
        return sum(self._lengths) if field == TEXT else 0

    def min_field_length(self, field: str) -> int:
        return min(self._lengths, default=0) if field == TEXT else 0

    def max_field_length(self, field: str) -> int:
        return max(self._lengths, default=0) if field == TEXT else 0

    def stored_fields(self, _number: int) -> dict[str, Any]:
        return {}

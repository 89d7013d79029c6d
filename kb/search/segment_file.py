"""One file per segment: postings in front, then the documents, the words, the dictionaries, and a table of parts."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from kb.search.dictionary import Dictionary, DictionaryWriter
from kb.search.interface import IndexUnavailable
from kb.search.postings import Entry, Postings, decode, encode

EXTENSION = ".seg"
_MAGIC = b"kbseg\x00\x00\x01"
_TAIL = struct.Struct("<QI8s")  # where the table of parts begins, its length, the magic number
_LEVEL = 6  # of zlib

Table = dict[str, tuple[int, int]]


class SegmentFileWriter:
    """Writes from front to back; terms come field by field, each field's in ascending order."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._table: Table = {}
        self._dictionaries: dict[str, DictionaryWriter] = {}
        self._at = file.write(_MAGIC)

    def add_term(
        self,
        field: str,
        term: bytes,
        documents: Sequence[int],
        counts: Sequence[int],
        halves: Sequence[int],
        positions: bytes,
    ) -> None:
        """One term with its ascending documents, how many places each has, weights in halves, all places."""
        raw, flags, total = encode(documents, counts, halves, positions)
        self.add_encoded(field, term, raw, Entry(len(documents), total, flags, self._at))

    def add_encoded(self, field: str, term: bytes, raw: bytes, entry: Entry) -> None:
        """One term whose postings are bytes already; the entry's offset is set here."""
        dictionary = self._dictionaries.get(field)
        if dictionary is None:
            dictionary = self._dictionaries[field] = DictionaryWriter()
        dictionary.add(term, entry._replace(offset=self._at))
        self._at += self._file.write(raw)

    def add_part(self, name: str, content: bytes) -> None:
        """Something else, kept compressed under its name."""
        packed = zlib.compress(content, _LEVEL)
        self._table[name] = (self._at, len(packed))
        self._at += self._file.write(packed)

    def finish(self) -> None:
        """Write the dictionaries and the table of parts; closing the file is the caller's."""
        for field, dictionary in self._dictionaries.items():
            heads, data = dictionary.finish()
            self.add_part(f"heads:{field}", heads)
            self.add_part(f"terms:{field}", data)
        table = msgspec.msgpack.encode(self._table)
        self._file.write(table)
        self._file.write(_TAIL.pack(self._at, len(table), _MAGIC))


class SegmentFile:
    """Reads one; keeps the file open, so that it may be removed from its folder meanwhile."""

    def __init__(self, path: Path) -> None:
        try:
            self._handle = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise IndexUnavailable(f"{path.name} cannot be opened: {error}") from error
        self._dictionaries: dict[str, Dictionary] = {}
        try:
            end = os.fstat(self._handle).st_size - _TAIL.size
            at, length, magic = _TAIL.unpack(os.pread(self._handle, _TAIL.size, max(0, end)))
            if magic != _MAGIC:
                raise ValueError("not a segment")
            self._table = msgspec.msgpack.decode(os.pread(self._handle, length, at), type=Table)
        except (OSError, ValueError, struct.error, msgspec.DecodeError) as error:
            raise IndexUnavailable(f"{path.name} cannot be read: {error}") from error

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle is not None:
            os.close(handle)

    def part(self, name: str) -> bytes:
        """What was kept under a name, empty if nothing was."""
        where = self._table.get(name)
        if where is None:
            return b""
        try:
            return zlib.decompress(os.pread(self._handle, where[1], where[0]))
        except (OSError, zlib.error) as error:
            raise IndexUnavailable(f"{name} cannot be read: {error}") from error

    def dictionary(self, field: str) -> Dictionary:
        """The terms of a field."""
        found = self._dictionaries.get(field)
        if found is None:
            found = Dictionary(self.part(f"heads:{field}"), self.part(f"terms:{field}"))
            self._dictionaries[field] = found
        return found

    def raw(self, entry: Entry) -> bytes:
        """A term's postings as they lie."""
        return self.stretch(entry.offset, entry.size)

    def stretch(self, offset: int, size: int) -> bytes:
        """So many bytes from there on, fewer at the end."""
        try:
            return os.pread(self._handle, size, offset)
        except OSError as error:
            raise IndexUnavailable(f"postings cannot be read: {error}") from error

    def postings(self, entry: Entry) -> Postings:
        """A term's postings."""
        try:
            return decode(self.raw(entry), entry)
        except ValueError as error:
            raise IndexUnavailable(str(error)) from error

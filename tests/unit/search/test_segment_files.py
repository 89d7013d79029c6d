"""What a segment's file gives back is what was put in, whatever its size."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.dictionary import Dictionary, DictionaryWriter
from kb.search.interface import IndexUnavailable
from kb.search.merging import _shifted
from kb.search.postings import MOST, TURN, Entry, decode, encode
from kb.search.segment_file import SegmentFile, SegmentFileWriter

Use = tuple[int, int, list[int]]  # document, weight in halves, positions

uses = st.lists(
    st.tuples(
        st.integers(0, 200_000),
        st.integers(1, MOST),
        st.lists(st.integers(0, 65_535), max_size=300),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda use: use[0],
)


def packed(some: list[Use], *, positional: bool) -> tuple[bytes, Entry]:
    documents = [document for document, _, _ in some]
    counts = [len(places) if positional else 0 for _, _, places in some]
    places = b"".join(array("H", places).tobytes() for _, _, places in some) if positional else b""
    raw, flags, total = encode(documents, counts, [halves for _, halves, _ in some], places)
    return raw, Entry(len(documents), total, flags, 0)


@given(uses, st.booleans())
def test_postings_come_back_as_they_were(some: list[Use], positional: bool) -> None:
    some = sorted(some)
    raw, entry = packed(some, positional=positional)
    found = decode(raw, entry)
    assert len(raw) == entry.size
    assert found.documents.tolist() == [document for document, _, _ in some]
    assert found.weights.tolist() == [halves / 2 for _, halves, _ in some]
    if positional and any(places for _, _, places in some):
        assert found.positions is not None
        assert found.places().tolist() == [len(places) for _, _, places in some]
        assert found.positions.tolist() == [place for _, _, places in some for place in places]
    else:
        assert found.positions is None
    with pytest.raises(ValueError, match="cut"):
        decode(raw[:-1], entry)


@given(uses, st.integers(1, 2 * TURN))
def test_postings_moved_up_are_the_same_documents_further_on(some: list[Use], shift: int) -> None:
    raw, entry = packed(sorted(some), positional=True)
    moved = decode(*_shifted(raw, entry, shift))
    assert moved.documents.tolist() == [
        document + shift for document in decode(raw, entry).documents.tolist()
    ]
    assert moved.weights.tolist() == decode(raw, entry).weights.tolist()


@given(st.sets(st.text(min_size=1, max_size=20).map(lambda text: text.encode(errors="replace"))), st.binary())
def test_a_dictionary_finds_its_terms_and_no_other(terms: set[bytes], stranger: bytes) -> None:
    writer = DictionaryWriter()
    offset = 0
    entries = {}
    for number, term in enumerate(sorted(terms)):
        entries[term] = Entry(number % 5 + 1, number % 5 + 1, 0, offset)
        writer.add(term, entries[term])
        offset += entries[term].size
    dictionary = Dictionary(*writer.finish())
    assert {term: dictionary.find(term) for term in terms} == entries
    assert list(dictionary.since()) == sorted(entries.items())
    assert dictionary.find(stranger) == entries.get(stranger)
    assert [term for term, _ in dictionary.since(stranger)] == [
        one for one in sorted(terms) if one >= stranger
    ]


def test_a_file_holds_its_parts_and_says_when_it_is_none(tmp_path: Path) -> None:
    path = tmp_path / "one.seg"
    with path.open("wb") as file:
        out = SegmentFileWriter(file)
        out.add_term("text", "退款".encode(), [0, 70_000], [1, 2], [2, 4], array("H", [5, 6, 7]).tobytes())
        out.add_part("words", b"refund")
        out.finish()
    read = SegmentFile(path)
    entry = read.dictionary("text").find("退款".encode())
    assert entry is not None
    assert read.postings(entry).documents.tolist() == [0, 70_000]
    assert (read.part("words"), read.part("absent")) == (b"refund", b"")
    whole = path.read_bytes()
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        with pytest.raises(IndexUnavailable):
            SegmentFile(path)

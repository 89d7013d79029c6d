"""Bytes on the disk: whole or not at all, once, under their hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from kb.attachments.storage import Incoming, Storage
from kb.errors import NoRoom


def arrived(storage: Storage, *pieces: bytes) -> Incoming:
    incoming = storage.incoming()
    for piece in pieces:
        incoming.write(piece)
    incoming.finish()
    return incoming


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_has_arrived_lies_under_its_hash(tmp_path: Path):
    storage = Storage(tmp_path)
    incoming = arrived(storage, b"one", b"two")
    storage.keep(incoming)
    incoming.discard()  # what is in place stays
    sha256 = hashlib.sha256(b"onetwo").hexdigest()
    assert (incoming.sha256, incoming.size, incoming.head) == (sha256, 6, b"onetwo")
    assert storage.path_of(sha256).read_bytes() == b"onetwo"
    assert list(storage.hashes()) == [sha256]


def test_the_same_bytes_lie_there_once(tmp_path: Path):
    storage = Storage(tmp_path)
    for _ in range(2):
        storage.keep(arrived(storage, b"same"))
    assert len(everything(tmp_path)) == 1
    storage.remove(next(storage.hashes()))
    assert everything(tmp_path) == []


def test_what_is_discarded_leaves_nothing(tmp_path: Path):
    storage = Storage(tmp_path)
    incoming = storage.incoming()
    incoming.write(b"half")
    incoming.discard()
    assert everything(tmp_path) == []


def test_what_was_broken_off_is_forgotten_later(tmp_path: Path):
    storage = Storage(tmp_path)
    incoming = arrived(storage, b"half")
    storage.forget_broken_off(60)
    assert everything(tmp_path) == [incoming.path]
    os.utime(incoming.path, (0, 0))
    storage.forget_broken_off(60)
    assert everything(tmp_path) == []


def test_a_full_disk_is_said(tmp_path: Path):
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(NoRoom) as refused:
        Incoming(full, tmp_path / "nothing").write(bytes(100_000))
    assert "no room left" in refused.value.message


def test_an_import_that_was_broken_off_is_taken_away_with_its_folder(tmp_path: Path):
    storage = Storage(tmp_path)
    left = storage.aside() / "an import"
    left.mkdir()
    (left / "notes.zip").write_bytes(b"PK")
    os.utime(left, (0, 0))
    storage.forget_broken_off(60)
    assert list(storage.aside().iterdir()) == []

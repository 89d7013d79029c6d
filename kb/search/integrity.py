"""Checksums beside the files of the index, because Whoosh neither writes nor checks any."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

from kb.search.interface import IndexUnavailable

SUFFIX = ".sum"
META = "meta.json"
_BLOCK = 1 << 20

Stamp = tuple[int, int, int]


def seal(path: Path, under: Path | None = None) -> None:
    """Flush a finished file to disk and write size and checksum beside it, or beside the name it gets."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        size, check = _measure(file)
    target = _beside(under or path)
    with target.open("w", encoding="ascii") as out:
        json.dump({"size": size, "crc32": check}, out)
        out.flush()
        os.fsync(out.fileno())


def verify(path: Path) -> None:
    """Raise IndexUnavailable unless the file is as it was when it was sealed."""
    try:
        expected = json.loads(_beside(path).read_text(encoding="ascii"))
        with path.open("rb") as file:
            size, check = _measure(file)
        if expected != {"size": size, "crc32": check}:
            raise IndexUnavailable(f"{path.name} is damaged")
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"{path.name} cannot be checked: {error}") from error


def stamp(path: Path) -> Stamp:
    """What changes when somebody touches a file: size, time of change, inode."""
    try:
        info = path.stat()
    except OSError as error:
        raise IndexUnavailable(f"{path.name} is gone") from error
    return info.st_size, info.st_mtime_ns, info.st_ino


class Watched:
    """Files that are looked at before each use: memory maps of a file that was cut would kill the process."""

    def __init__(self) -> None:
        self._stamps: dict[Path, Stamp] = {}
        self._sealed: set[Path] = set()

    def add(self, path: Path, sealed: bool = True, known: Watched | None = None) -> None:
        """Watch a file, verified now unless it is `known` to have been and is untouched since."""
        seen = stamp(path)
        if sealed:
            if known is None or known._stamps.get(path) != seen:
                verify(path)
            self._sealed.add(path)
        self._stamps[path] = seen

    def check(self) -> None:
        """Raise IndexUnavailable if a file was changed, cut or removed behind our back."""
        for path, seen in self._stamps.items():
            if stamp(path) != seen:
                raise IndexUnavailable(f"{path.name} was changed")

    def verify(self) -> None:
        """Read every sealed file again and compare its checksum."""
        for path in self._sealed:
            verify(path)


def latest(folder: Path, name: str) -> int:
    """The highest generation a table of contents stands there for."""
    begin, end = f"_{name}_", ".toc"
    try:
        with os.scandir(folder) as entries:  # before every search: paths would take as long as the search
            names = [one.name[len(begin) : -len(end)] for one in entries if one.name.endswith(end)]
        found = [int(one) for one in names if one.isdecimal()]
    except OSError as error:
        raise IndexUnavailable(f"no index folder: {error}") from error
    if not found:
        raise IndexUnavailable("no table of contents")
    return max(found)


def sweep(folder: Path, name: str, generation: int) -> None:
    """Remove what belongs to other tables of contents than this one; for the writer, before it commits."""
    newest = f"_{name}_{generation}."
    for path in folder.glob(f"_{name}_*.*"):
        if not path.name.startswith(newest):
            path.unlink(missing_ok=True)


def sweep_segments(folder: Path, name: str, named: Collection[str]) -> None:
    """Remove the segments that no table of contents names; for the writer, when it gives up."""
    for path in folder.glob(f"{name}_*"):
        if path.name.partition(".")[0] not in named:
            path.unlink(missing_ok=True)


def write_versions(folder: Path, versions: Mapping[str, str | int]) -> None:
    """Note with what an index was made; last of all, so that a folder without it is not finished."""
    with (folder / META).open("w", encoding="ascii") as out:
        json.dump(dict(versions), out)
        out.flush()
        os.fsync(out.fileno())
    flush_folder(folder)


def compare_versions(folder: Path, versions: Mapping[str, str | int]) -> None:
    """Raise IndexUnavailable unless the index was made with just these versions."""
    try:
        found = json.loads((folder / META).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"{META} cannot be read: {error}") from error
    if found != versions:
        raise IndexUnavailable(f"made with {found}, this is {dict(versions)}")


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _measure(file: BinaryIO) -> tuple[int, int]:
    size = check = 0
    while block := file.read(_BLOCK):
        size += len(block)
        check = zlib.crc32(block, check)
    return size, check

"""Checksums beside the files of the index, because Whoosh neither writes nor checks any."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from kb.search.interface import IndexUnavailable

SUFFIX = ".sum"
META = "meta.json"
_BLOCK = 1 << 20

Stamp = tuple[int, int, int]


def seal(path: Path, under: Path | None = None) -> tuple[Path, Path]:
    """Write size and checksum of a finished file beside it, or beside the name it gets.

    Returns both files: neither is on the disk for sure before `flush`.
    """
    with path.open("rb") as file:
        size, check = _measure(file)
    target = _beside(under or path)
    target.write_text(json.dumps({"size": size, "crc32": check}), encoding="ascii")
    return path, target


def flush(paths: Sequence[Path]) -> None:
    """Have files on the disk, in the time that one takes: the disk writes them together if asked at once."""
    first, *others = paths
    with ThreadPoolExecutor(len(paths), "kb-flush") as pool:  # starts a thread for each of the others only
        waiting = pool.map(_flush, others)
        _flush(first)
        list(waiting)  # raises what they raised


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
    """Remove what belongs to other tables of contents than this one; for the writer, while it has the lock."""
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
    _flush(folder)


def compare_versions(folder: Path, versions: Mapping[str, str | int]) -> None:
    """Raise IndexUnavailable unless the index was made with just these versions."""
    try:
        found = json.loads((folder / META).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"{META} cannot be read: {error}") from error
    if found != versions:
        raise IndexUnavailable(f"made with {found}, this is {dict(versions)}")


def _beside(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _measure(file: BinaryIO) -> tuple[int, int]:
    size = check = 0
    while block := file.read(_BLOCK):
        size += len(block)
        check = zlib.crc32(block, check)
    return size, check

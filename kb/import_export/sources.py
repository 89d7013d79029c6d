"""What a folder or zip brings, read one by one; names are data, never paths (reliability R14)."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import Invalid
from kb.i18n import _
from kb.import_export.decoding import zip_name

SUFFIXES = (".md", ".markdown")
MOST_FILES = 20_000
MOST_ENTRIES = 100_000  # files of other kinds too
MOST_DEPTH = 20
MOST_BYTES = 4_000_000  # of one file: a million characters of four bytes
MOST_TOTAL = 500_000_000
MOST_RATIO = 200  # unpacked to packed, of files large enough to matter
SMALL = 100_000


@dataclass(frozen=True)
class Entry:
    """A Markdown file; `read` gives its bytes, at most MOST_BYTES."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True)
class Remark:
    """A file by name and what is to be said about it."""

    name: str
    reason: str


@dataclass
class Sources:
    """The Markdown files in order of name, and what was left out."""

    entries: list[Entry] = field(default_factory=list)
    skipped: list[Remark] = field(default_factory=list)

    def skip(self, name: str, reason: str) -> None:
        """Leave a file out, and say why."""
        self.skipped.append(Remark(name, reason))

    def add(self, entry: Entry) -> None:
        """Take a file in, or leave it out where it is hidden or not Markdown."""
        parts = entry.name.split("/")
        if any(part.startswith(".") or part == "__MACOSX" for part in parts):
            self.skip(entry.name, _("hidden"))
        elif not entry.name.lower().endswith(SUFFIXES):
            self.skip(entry.name, _("not a Markdown file"))
        else:
            self.entries.append(entry)


@contextmanager
def opened(path: Path) -> Iterator[Sources]:
    """The files of a folder, a zip, or one Markdown file; raises Invalid by name where a limit is passed."""
    if path.is_dir():
        yield _checked(_of_folder(path))
    elif zipfile.is_zipfile(path):
        with _opened_zip(path) as archive:
            yield _checked(_of_zip(archive))
    elif path.is_file() and path.name.lower().endswith(SUFFIXES):
        yield _checked(_of_file(path))
    elif path.exists():
        raise Invalid.field(path.name, _("This is not a folder, a zip or a Markdown file."))
    else:
        raise Invalid.field(str(path), _("There is no such file or folder."))


def count_files(path: Path) -> int:
    """How many Markdown files a zip says it holds, before anything of it is believed; 1 for anything else."""
    if not zipfile.is_zipfile(path):
        return 1
    with _opened_zip(path) as archive:
        return sum(name.lower().endswith(SUFFIXES) for name in archive.namelist())


def _of_file(path: Path) -> Sources:
    return Sources([Entry(path.name, path.stat().st_size, lambda: _read(path))])


def _of_folder(root: Path) -> Sources:
    sources = Sources()
    for folder, below, files in os.walk(root):  # does not follow links to folders
        here = Path(folder)
        for name in sorted(below):
            if name.startswith(".") or (here / name).is_symlink():
                below.remove(name)
                reason = _("hidden") if name.startswith(".") else _("a link to somewhere else")
                sources.skip(_named(here / name, root) + "/", reason)
        below.sort()
        for name in sorted(files):
            _add_file(sources, here / name, root)
        if len(sources.entries) + len(sources.skipped) > MOST_ENTRIES:
            raise _too_many(root.name, MOST_ENTRIES)
    return sources


def _add_file(sources: Sources, path: Path, root: Path) -> None:
    name = _named(path, root)
    mode = path.lstat().st_mode
    if stat.S_ISREG(mode):
        sources.add(Entry(name, path.stat().st_size, lambda: _read(path)))
    else:
        sources.skip(name, _("a link to somewhere else") if stat.S_ISLNK(mode) else _("not a file"))


def _named(path: Path, root: Path) -> str:
    name = path.relative_to(root).as_posix()
    return name.encode("utf-8", "replace").decode("utf-8")  # a name that is not UTF-8 is still shown


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


@contextmanager
def _opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as problem:
        raise Invalid.field(path.name, _("The zip is damaged: %(cause)s") % {"cause": problem}) from None


def _of_zip(archive: zipfile.ZipFile) -> Sources:
    sources = Sources()
    if len(archive.infolist()) > MOST_ENTRIES:
        raise _too_many(archive.filename or "zip", MOST_ENTRIES)
    for info in archive.infolist():
        name = zip_name(info.filename, bool(info.flag_bits & 0x800)).replace("\\", "/")
        if info.is_dir() or name.endswith("/"):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            sources.skip(name, _("a link to somewhere else"))
        elif info.flag_bits & 0x1:
            raise Invalid.field(name, _("The zip is protected by a password."))
        else:
            _refuse_bombs(name, info)
            sources.add(Entry(_inside(name), info.file_size, _zip_reader(archive, info)))
    sources.entries.sort(key=lambda entry: entry.name)
    return sources


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(info) as file:  # the size said in the directory may be a lie
            return file.read(MOST_BYTES + 1)

    return read


def _inside(name: str) -> str:
    """A name without the parts that mean another place; nothing is ever written under it."""
    return "/".join(part for part in name.split("/") if part not in {"", ".", ".."}) or name


def _refuse_bombs(name: str, info: zipfile.ZipInfo) -> None:
    if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
        raise Invalid.field(name, _("This unpacks to far more than it holds; it is refused."))


def _checked(sources: Sources) -> Sources:
    if len(sources.entries) > MOST_FILES:
        raise _too_many("*.md", MOST_FILES)
    total = 0
    for entry in sources.entries:
        total += entry.size
        if entry.name.count("/") > MOST_DEPTH:
            raise Invalid.field(entry.name, _("Folders lie more than %(most)s deep.") % {"most": MOST_DEPTH})
        if total > MOST_TOTAL:
            limit = MOST_TOTAL // 1_000_000
            raise Invalid.field(
                entry.name, _("All files together have more than %(most)s MB.") % {"most": limit}
            )
    return sources


def _too_many(name: str, most: int) -> Invalid:
    return Invalid.field(name, _("At most %(most)s files are possible.") % {"most": most})

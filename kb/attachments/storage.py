"""Where the bytes lie: files by their SHA-256 in folders of two levels, written aside and then put in place."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kb.attachments.sniffing import HEAD, media_type, within_zip
from kb.errors import NoRoom
from kb.i18n import _

FOLDER = "attachments"  # within KB_DATA_DIR
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def says_when_full() -> Iterator[None]:
    """A full disk is an answer for a person; every other trouble with it stays what it is."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise NoRoom(
            _(
                "There is no room left on the server's disk. The file was not stored; everything else still works."
            )
        ) from error


class Incoming:
    """A file on its way in: written piece by piece, its hash and size counted; never whole in memory."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self.path = file, path
        self._digest = hashlib.sha256()
        self.head = b""
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Add bytes; raises NoRoom."""
        with says_when_full():
            self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]

    def finish(self) -> None:
        """Everything has come: it must be on the disk before anybody is told so."""
        with says_when_full():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def media_type(self, name: str) -> str:
        """The type by the bytes; a zip archive is looked into."""
        kind = media_type(self.head, name)
        if kind == "application/zip":
            with self.path.open("rb") as file:
                kind = within_zip(file)
        return kind

    def discard(self) -> None:
        """Take away what was not put in place."""
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


class Storage:
    """The folder of all files, of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / FOLDER
        self._aside = self.folder / "incoming"

    def path_of(self, sha256: str) -> Path:
        """Where a file of this hash lies, or would."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def aside(self) -> Path:
        """The folder for what is on its way; what is left there for long is taken away. Raises NoRoom."""
        with says_when_full():
            self._aside.mkdir(parents=True, exist_ok=True)
        return self._aside

    def incoming(self) -> Incoming:
        """Begin a new file beside the others; raises NoRoom."""
        with says_when_full():
            handle, name = tempfile.mkstemp(dir=self.aside())
        return Incoming(os.fdopen(handle, "wb"), Path(name))

    def keep(self, incoming: Incoming) -> None:
        """Put a finished file in place; the same bytes lie there once."""
        target = self.path_of(incoming.sha256)
        with says_when_full():
            target.parent.mkdir(parents=True, exist_ok=True)
            incoming.path.replace(target)
            for folder in (target.parent, target.parent.parent, self.folder):
                _sync(folder)

    def hashes(self) -> Iterator[str]:
        """The hashes of all files that lie here."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            yield path.name

    def remove(self, sha256: str) -> None:
        """Take a file away; nobody may name it any more."""
        self.path_of(sha256).unlink(missing_ok=True)

    def forget_broken_off(self, older_than: float) -> None:
        """Take away what never arrived whole; `older_than` in seconds."""
        before = time.time() - older_than
        for path in self._aside.glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sync(folder: Path) -> None:
    """Make a new name last; Windows has no such call for folders and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""The index folder: one subfolder per build, a file that names the current one, and one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from kb.ids import new_id
from kb.search.interface import IndexUnavailable

_CURRENT, _LOCK, _PROGRESS, _WANTED = "CURRENT", "writer.lock", "progress.json", "REBUILD"
_PREFIX = "build-"


class IndexFolder:
    """Names of things under KB_SEARCH_INDEX; may be deleted at any time, even while in use."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = root / _CURRENT  # read at every page

    def current(self) -> Path:
        """The folder of the current build; raises IndexUnavailable."""
        try:
            name = self._pointer.read_bytes().decode("ascii").strip()
        except (OSError, ValueError):
            raise IndexUnavailable("no index has been built") from None
        # Only names we gave: the file is data and could say anything.
        if not name.startswith(_PREFIX) or not name.removeprefix(_PREFIX).isalnum():
            raise IndexUnavailable("the index folder names no build")
        return self.root / name

    def new_build(self) -> Path:
        """A folder to build in, aside from the current one."""
        self.root.mkdir(parents=True, exist_ok=True)
        return self.root / f"{_PREFIX}{new_id()}"

    def swap_in(self, build: Path) -> None:
        """Make a finished build the current one, then remove the others."""
        aside = self.root / f"{_CURRENT}.new"
        with aside.open("w", encoding="ascii") as out:
            out.write(build.name)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(self.root / _CURRENT)
        self.tidy(build)

    def tidy(self, build: Path) -> None:
        """Remove what rebuilds that were cut short left beside a sound build; for the writer only."""
        self.say_progress(None)
        for other in self.root.glob(f"{_PREFIX}*"):
            if other != build:
                shutil.rmtree(other, ignore_errors=True)

    def ask_for_rebuild(self) -> None:
        """Leave word for whichever process writes the index."""
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _WANTED).touch()

    def rebuild_wanted(self) -> bool:
        """Whether a rebuild was asked for and is not over."""
        return (self.root / _WANTED).exists()

    def rebuild_over(self) -> None:
        """The rebuild asked for was made, or could not be."""
        with suppress(OSError):
            (self.root / _WANTED).unlink(missing_ok=True)

    def say_progress(self, progress: tuple[int, int] | None) -> None:
        """How far a rebuild has come, for every process that serves: (done, total), or None at its end."""
        with suppress(OSError):
            if progress is None:
                (self.root / _PROGRESS).unlink(missing_ok=True)
            else:
                aside = self.root / f"{_PROGRESS}.new"
                aside.write_text(json.dumps(progress), encoding="ascii")
                aside.replace(self.root / _PROGRESS)

    def progress(self) -> tuple[int, int] | None:
        """How far a running rebuild has come."""
        try:
            done, total = json.loads((self.root / _PROGRESS).read_text(encoding="ascii"))
            return int(done), int(total)
        except (OSError, ValueError, TypeError):
            return None

    def size(self) -> int:
        """Bytes on disk; files come and go while an indexer writes."""
        total = 0
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                with suppress(OSError):
                    total += Path(folder, name).stat().st_size
        return total


class WriterLock:
    """One writer per folder among processes; let go by the system when its holder dies."""

    def __init__(self, folder: IndexFolder) -> None:
        self._path = folder.root / _LOCK
        self._file: Any = None

    @property
    def held(self) -> bool:
        """Whether this process is the writer, as far as it knows."""
        return self._file is not None

    def take(self) -> bool:
        """Whether this process is the writer now."""
        if self._file is not None:
            if self._still_there():
                return True
            self.release()  # the folder was deleted under us; what we hold guards nothing
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return self._still_there() or self.take()

    def release(self) -> None:
        """Let another process write."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _still_there(self) -> bool:
        try:
            return os.fstat(self._file.fileno()).st_ino == self._path.stat().st_ino
        except OSError:
            return False

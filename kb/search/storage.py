"""The index's folder as Whoosh writes to it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from kb.search import integrity
from kb.search.reading import NAME
from kb.search.segment_file import EXTENSION


class Storage(FileStorage):  # type: ignore[misc]
    """Files that are on the disk, and sealed, before the table of contents names them."""

    position: int | None = None  # what the next table of contents holds

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        unsealed = [
            path
            for path in folder.glob(f"{NAME}_*{EXTENSION}")
            if not path.with_name(path.name + integrity.SUFFIX).exists()
        ]
        if self.position is not None:
            beside = position_file(folder, newname)
            beside.write_text(str(self.position), encoding="ascii")
            unsealed.append(beside)
        written = [file for path in unsealed for file in integrity.seal(path)]
        integrity.flush([*written, *integrity.seal(folder / oldname, under=folder / newname)])
        super().rename_file(oldname, newname, safe)
        integrity.flush([folder])
        with suppress(OSError):  # the commit is made; what is left over goes with the next one
            integrity.sweep(folder, NAME, int(newname.split("_")[-1].removesuffix(".toc")))

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """Where postings go that do not fit into memory: seldom any, so the folder is made when they come."""
        return _Overflow(str(Path(self.folder) / (name or f"{NAME}.tmp")))


class _Overflow(FileStorage):  # type: ignore[misc]
    """A folder that is made with its first file."""

    def create_file(self, name: str, *given: Any, **named: Any) -> Any:
        Path(self.folder).mkdir(exist_ok=True)
        return super().create_file(name, *given, **named)

    def destroy(self) -> None:
        if Path(self.folder).exists():
            super().destroy()


def position_file(folder: Path, contents: str) -> Path:
    """Where the number of the last change stands that a table of contents holds."""
    return folder / contents.replace(".toc", ".pos")

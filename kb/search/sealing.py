"""What happens to the index's files around the renaming of a table of contents, by which a commit is made."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from kb.search import integrity
from kb.search.reading import NAME
from kb.search.segment_file import EXTENSION


def position_file(folder: Path, contents: str) -> Path:
    """Where the number of the last change stands that a table of contents holds."""
    return folder / contents.replace(".toc", ".pos")


def before_contents(folder: Path, written: str, contents: str, position: int | None) -> None:
    """Have everything on the disk, and sealed, that a table of contents names, and itself as it is called yet."""
    unsealed = [
        path
        for path in folder.glob(f"{NAME}_*{EXTENSION}")
        if not path.with_name(path.name + integrity.SUFFIX).exists()
    ]
    if position is not None:
        beside = position_file(folder, contents)
        beside.write_text(str(position), encoding="ascii")
        unsealed.append(beside)
    files = [file for path in unsealed for file in integrity.seal(path)]
    integrity.flush([*files, *integrity.seal(folder / written, under=folder / contents)])


def after_contents(folder: Path, contents: str) -> None:
    """Have the name on the disk, and remove what belonged to the contents before; under the writer's lock still."""
    integrity.flush([folder])
    with suppress(OSError):  # the commit is made; what is left over goes with the next one
        integrity.sweep(folder, NAME, int(contents.split("_")[-1].removesuffix(".toc")))

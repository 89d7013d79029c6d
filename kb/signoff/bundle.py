"""An exported zip, read with distrust: names are data, sizes are limits, and nothing is unpacked anywhere."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from kb.errors import Malformed
from kb.i18n import _

MOST_ENTRIES = 50_000
MOST_TOTAL = 4_000_000_000  # bytes unpacked
MOST_TEXT = 50_000_000  # bytes of one file that is read whole
MOST_RATIO, SMALL = 1_000, 1_000_000  # unpacked to packed, of files large enough to matter
MOST_FRONT_MATTER = 20_000
PIECE = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_FRONT = re.compile(rb"---\n(.*?)^---\n\n?", re.DOTALL | re.MULTILINE)
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Bundle:
    """The files of an export by name; raises Malformed wherever the zip cannot be trusted or read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_TOTAL:
            raise Malformed(_("The bundle is too large to be checked."))
        for one in entries:
            if not one.is_dir():
                self._entries[_safe(one, self._entries)] = one

    @property
    def names(self) -> list[str]:
        """The files, sorted."""
        return sorted(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a file that is there."""
        if self._entries[name].file_size > MOST_TEXT:
            raise Malformed(_("%(name)s is too large to be checked.") % {"name": name})
        return b"".join(self._pieces(name))

    def sha256(self, name: str) -> str:
        """The hash of a file that is there, in hexadecimal."""
        hashed = hashlib.sha256()
        for piece in self._pieces(name):
            hashed.update(piece)
        return hashed.hexdigest()

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._entries[name]
        read = 0
        try:
            with self._archive.open(info) as file:
                while piece := file.read(PIECE):
                    read += len(piece)
                    if read > info.file_size:  # the directory of a zip may lie
                        raise zipfile.BadZipFile
                    yield piece
        except _BROKEN:
            raise Malformed(_("%(name)s is damaged and cannot be read.") % {"name": name}) from None
        if read != info.file_size:
            raise Malformed(_("%(name)s is damaged and cannot be read.") % {"name": name})


def _safe(one: zipfile.ZipInfo, seen: dict[str, zipfile.ZipInfo]) -> str:
    name = one.filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or ".." in parts or "\0" in name or name in seen:
        raise Malformed(
            _("The bundle has a file with a name that is not safe: %(name)s") % {"name": ascii(name)}
        )
    if one.flag_bits & _ENCRYPTED or one.compress_type not in _METHODS:
        raise Malformed(_("%(name)s is encrypted or packed in an unknown way.") % {"name": name})
    if one.file_size > SMALL and one.file_size > MOST_RATIO * max(one.compress_size, 1):
        raise Malformed(_("%(name)s is packed so tightly that it looks like an attack.") % {"name": name})
    return name


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Open an exported zip; raises Malformed, or OSError where there is no such file."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN:
        raise Malformed(_("%(name)s is not a zip file.") % {"name": path.name}) from None
    with archive:
        yield Bundle(archive)


def split(content: bytes) -> tuple[dict[str, Any], bytes]:
    """(front matter, body) of an exported note, the body to the byte; raises ValueError."""
    found = _FRONT.match(content)
    if found is None or len(found[1]) > MOST_FRONT_MATTER:
        raise ValueError("no front matter")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(found[1], _Loader)):
            raise ValueError("front matter refers to itself")
        fields = yaml.load(found[1], _Loader)  # noqa: S506 - a safe loader, see above
    except (yaml.YAMLError, RecursionError):
        raise ValueError("front matter cannot be read") from None
    if not isinstance(fields, dict):
        raise ValueError("no front matter")
    return fields, content[found.end() :]

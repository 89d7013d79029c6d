"""What a file is by its bytes; what was said of it by its sender counts only where the bytes cannot tell."""

from __future__ import annotations

import re
from os import SEEK_END
from typing import BinaryIO

HEAD = 4096  # bytes looked at
UNKNOWN = "application/octet-stream"
# Shown within a page; everything else is only ever downloaded. No SVG: it may carry scripts.
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),  # an empty one
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # Office before 2007
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"{\\rtf", "application/rtf"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = (  # an entry that only such a file has
    (b"word/document.xml", _OFFICE + "wordprocessingml.document"),
    (b"xl/workbook.", _OFFICE + "spreadsheetml.sheet"),
    (b"ppt/presentation.xml", _OFFICE + "presentationml.presentation"),
)
# OpenDocument and EPUB say it themselves, in a first entry that is not packed.
_SAID = re.compile(
    rb"PK\x03\x04.{26}mimetype(application/(?:vnd\.oasis\.opendocument\.[a-z]{4,20}|epub\+zip))", re.S
)
_END = 64 * 1024
_OLE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
_TEXTS = {"csv": "text/csv", "md": "text/markdown", "markdown": "text/markdown"}
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype\s+)?(html|svg)\b", re.I | re.S)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def media_type(head: bytes, name: str) -> str:
    """The type of a file that begins so; its name only tells texts apart, and old Office files."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return _OLE.get(_ending(name), kind) if kind == "application/x-ole-storage" else kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "image/bmp"
    return _text(head, name)


def _text(head: bytes, name: str) -> str:
    """Text of any encoding holds no control characters; which text it is, its markup or its name tells."""
    if not head or head.translate(None, _CONTROLS) != head:
        return UNKNOWN
    markup = _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))
    if markup:
        return "image/svg+xml" if markup[2].lower() == b"svg" else "text/html"
    return _TEXTS.get(_ending(name), "text/plain")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def within_zip(file: BinaryIO) -> str:
    """What a zip archive is used for: a document of an office program, or an archive.

    Only its two ends are read: the first entry stands at the start, the list of all names at the end.
    """
    start = file.read(_END)
    said = _SAID.match(start)
    if said:
        return said[1].decode("ascii")
    file.seek(max(0, file.seek(0, SEEK_END) - _END))
    ends = start + file.read(_END)
    return next((kind for name, kind in _IN_ZIP if name in ends), "application/zip")

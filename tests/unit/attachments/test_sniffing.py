"""What a file is, by its bytes."""

from __future__ import annotations

import io
import zipfile

import pytest

from kb.attachments.sniffing import SHOWN, UNKNOWN, media_type, within_zip

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (PNG, "a.png", "image/png"),
        (PNG, "invoice.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a", "image/jpeg"),
        (b"GIF89a" + bytes(9), "a.gif", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "a.webp", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", "a.webp", UNKNOWN),
        (b"%PDF-1.7\n%\xe2\xe3", "a.png", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls", "application/vnd.ms-excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old", "application/x-ole-storage"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "a.png", "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<!-- made -->\n<SVG onload="x()">', "a.png", "image/svg+xml"),
        (b"\xef\xbb\xbf <!DOCTYPE html><script>", "a.png", "text/html"),
        (b"<html>", "a.txt", "text/html"),
        ("退款,金额\n".encode("gb18030"), "a.csv", "text/csv"),
        ("# 步骤\n".encode(), "a.MD", "text/markdown"),
        (b"plain", "a.html", "text/plain"),
        (b"\x00\x01\x02", "a.txt", UNKNOWN),
        (b"", "a.txt", UNKNOWN),
    ],
)
def test_the_bytes_tell(head: bytes, name: str, kind: str):
    assert media_type(head, name) == kind


def test_what_can_act_is_never_shown():
    assert {"image/svg+xml", "text/html", "application/pdf"} & SHOWN == set()


def packed(*names: str) -> io.BytesIO:
    """A zip archive with such entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, bytes(100_000))
    file.seek(0)
    return file


def test_zip_archives_are_looked_into():
    rest = ["[Content_Types].xml", "_rels/.rels"]
    assert within_zip(packed(*rest, "word/document.xml")) == OFFICE + "wordprocessingml.document"
    assert within_zip(packed("xl/workbook.xml", *rest)) == OFFICE + "spreadsheetml.sheet"
    assert within_zip(packed(*rest, "ppt/presentation.xml")) == OFFICE + "presentationml.presentation"
    assert within_zip(packed("notes/a.md")) == "application/zip"
    assert within_zip(io.BytesIO(b"PK\x03\x04 broken")) == "application/zip"
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    file.seek(0)
    assert within_zip(file) == "application/vnd.oasis.opendocument.text"

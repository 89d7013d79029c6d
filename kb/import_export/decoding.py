"""Bytes from elsewhere as text: UTF-8, else Chinese or Japanese encodings if what comes out reads like it."""

from __future__ import annotations

import codecs
import re

_KANA = re.compile("[\u3041-\u30ff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Of GB 2312: punctuation and letters (rows 1-9), and the 3,755 characters in daily use (rows 16-55).
_USUAL_ROWS = frozenset(range(0xA1, 0xAA)) | frozenset(range(0xB0, 0xD8))
LEAST_USUAL = 0.9


def text_of(data: bytes) -> str | None:
    """A document's text; None where no encoding fits."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    utf8 = _decoded(data, "utf-8")
    return utf8 if utf8 is not None else _chinese(data)


def zip_name(name: str, is_utf8: bool) -> str:
    """A name in an archive as its author wrote it; without the UTF-8 flag zipfile has read it as CP437."""
    if is_utf8 or name.isascii():
        return name
    try:
        data = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    utf8 = _decoded(data, "utf-8")
    if utf8 is not None:
        return utf8
    japanese = _decoded(data, "shift_jis")
    if japanese is not None and _KANA.search(japanese):
        return japanese
    return _chinese(data) or name


def _chinese(data: bytes) -> str | None:
    """GB 18030 fits almost any bytes, so the outcome must be characters people use."""
    text = _decoded(data, "gb18030")
    if text is None:
        return None
    foreign = [character for character in text if ord(character) > 127]
    usual = sum(_is_usual(character) for character in foreign)
    return text if foreign and usual >= LEAST_USUAL * len(foreign) else None


def _is_usual(character: str) -> bool:
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return code[0] in _USUAL_ROWS


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None

"""Names of files: as their owners gave them, without what could deceive, and as a header may carry them."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST = 255  # characters, as the column holds
# What is not seen or turns the writing round: "report‮gpj.exe" must not read as a picture.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 !#$&+.^_`|~()\[\]@=-]")


def clean_name(sent: str) -> str:
    """A file's own name, without folders; empty if nothing is left of it."""
    name = unicodedata.normalize("NFC", _HIDDEN.sub("", sent))
    name = re.split(r"[/\\]", name)[-1].strip().lstrip(".").strip()
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 20:
        return name[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending


def disposition(kind: str, name: str) -> str:
    """Content-Disposition (RFC 6266): the name itself in UTF-8, and one in ASCII for programs that know no better."""
    plain = _NOT_PLAIN.sub("_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

"""The certificate as PDF: the same facts are always the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from kb.signoff.canonical import sha256_of
from kb.signoff.models import Signoff

_HERE = Path(__file__).resolve().parent
_PAGE = _HERE / "page"  # all the template may read
_FONTS = _HERE / "fonts"
# For filing: fonts inside, nothing outside.
_STANDARD: Final = "a-2a"


def pdf_of(signoff: Signoff) -> bytes:
    """A sign-off's certificate in both languages, PDF/A; raises ValueError unless all have signed."""
    if signoff.certificate is None:
        raise ValueError("not complete")
    return _made(signoff.certificate, signoff.manifest)


@lru_cache(maxsize=16)
def _made(certificate: str, manifest: str) -> bytes:
    """What people wrote goes in as data: typst sets it as it is, and reads none of it as markup."""
    facts = page_facts(certificate, manifest)
    made: bytes = typst.compile(
        _PAGE / "certificate.typ", root=_PAGE, font_paths=[_FONTS], ignore_system_fonts=True,
        format="pdf", sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)}, pdf_standards=_STANDARD,
        timestamp=_seconds(facts["certificate"]["signed_at"]),
    )  # fmt: skip
    return made


def page_facts(certificate: str, manifest: str) -> dict[str, Any]:
    """What the page shows: the certificate, its own hash, and the lists of items and notes."""
    whole = json.loads(manifest)
    return {
        "certificate": json.loads(certificate),
        "certificate_sha256": sha256_of(certificate),
        "items": whole["items"],
        "notes": sorted(whole["notes"], key=lambda note: (note["title"], note["id"])),
        "register": whole["register"],
    }


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())

"""The certificate as PDF: the same facts are always the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kb.signoff.canonical import sha256_of
from kb.signoff.glyphs import drawable, visible
from kb.signoff.models import Signoff

_HERE = Path(__file__).resolve().parent
_PAGE = _HERE / "page"  # all the template may read
_FONTS = _HERE / "fonts"
# Read once: an update under a running server must not mix its page with this program.
_TEMPLATE = "\n".join(
    (_PAGE / name).read_text(encoding="utf-8") for name in ("words.typ", "certificate.typ")
).encode()
# For filing: fonts inside, nothing outside.
MOST_LISTED = 500  # of each kind; the manifest has all of them
_STANDARD: Final = "a-2a"


def pdf_of(signoff: Signoff) -> bytes:
    """A sign-off's certificate in both languages, PDF/A; raises ValueError unless all have signed."""
    if signoff.certificate is None:
        raise ValueError("not complete")
    return _made(signoff.certificate, signoff.manifest)


@lru_cache(maxsize=16)
def _made(certificate: str, manifest: str) -> bytes:
    """What people wrote goes in as data: typst sets it as it is, and reads none of it as markup."""
    import typst  # only now: most processes never set a page

    facts = visible(page_facts(certificate, manifest))
    try:
        return _set(facts)
    except typst.TypstError:
        # Most likely a character that no font draws, which a PDF for filing may not have.
        return _set(drawable(facts, _FONTS))


def _set(facts: dict[str, Any]) -> bytes:
    import typst

    made: bytes = typst.compile(  # type: ignore[call-overload]  # a page as bytes beside folders is possible
        _TEMPLATE, root=_PAGE, font_paths=[_FONTS], ignore_system_fonts=True,
        format="pdf", sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)}, pdf_standards=_STANDARD,
        timestamp=_seconds(facts["certificate"]["signed_at"]),
    )  # fmt: skip
    return made


def page_facts(certificate: str, manifest: str) -> dict[str, Any]:
    """What the page shows: the certificate, its own hash, and lists of what was handed over, each up to a limit."""
    whole, certified = json.loads(manifest), json.loads(certificate)
    lists = {
        "items": whole["items"],
        "notes": sorted(whole["notes"], key=lambda note: (note["title"], note["id"])),
        "register": _with_names(whole["register"], whole["members"], certified["signatures"]),
    }
    return {
        "certificate": certified,
        "certificate_sha256": sha256_of(certificate),
        **{name: listed[:MOST_LISTED] for name, listed in lists.items()},
        "more": {name: max(len(listed) - MOST_LISTED, 0) for name, listed in lists.items()},
    }


def _with_names(
    entries: list[dict[str, Any]], members: list[dict[str, Any]], signatures: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Register entries with their holders' names instead of addresses, where a name is known."""
    people = [*members, *(one["user"] for one in signatures)]
    names = {person["email"]: person["name"] for person in people}
    holders = ("holder", "new_holder")
    return [{**one, **{key: names.get(one[key], one[key]) for key in holders}} for one in entries]


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())

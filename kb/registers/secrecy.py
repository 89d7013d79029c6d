"""No secret in the register: it says where one is kept. Nothing in it may stay all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kb.i18n import _
from kb.notes.guarding import kind_names
from kb.secrets import Secret, find_secrets
from kb.validation import Checker

# What no reference to a vault is without, if it is not a name: a blank, a slash, a hyphen, a word in Han.
_BARE = re.compile(r"[!-,.0-9;-~]+")  # printable ASCII without blank, hyphen, slash, colon


def refuse_secrets(check: Checker, fields: Mapping[str, Any]) -> None:
    """Add an error to each field that looks like it holds a secret; the words themselves are not repeated."""
    for name, value in fields.items():
        if not isinstance(value, str) or not value:
            continue
        found = find_secrets(value) or _bare(name, value) or _named(fields.get("name"), name, value)
        if found:
            check.fail(name, _sentence(found))


def _bare(field: str, value: str) -> tuple[Secret, ...]:
    """In place of the reference somebody typed the password itself."""
    if field != "vault_ref" or not _BARE.fullmatch(value):
        return ()
    return find_secrets(f"password: {value}")


def _named(name: Any, field: str, value: str) -> tuple[Secret, ...]:
    """The entry is called "… password", and the remark begins with it."""
    if field != "remark" or not isinstance(name, str):
        return ()
    return find_secrets(f"{name}: {value}")


def _sentence(found: tuple[Secret, ...]) -> str:
    names = kind_names()
    what = _(", ").join(dict.fromkeys(names[one.kind] for one in found))
    return _(
        "This looks like a secret (%(what)s). Put it into the company's password vault, and write here only where "
        "it is kept."
    ) % {"what": what}

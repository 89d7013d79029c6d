"""Identifiers: short enough for an address bar, random enough never to collide, no order to guess."""

from __future__ import annotations

import secrets

# No i, l, o, u: an id read out over the phone is understood, and none spells a word.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12
LONG = 24  # for what is found by its address alone


def new_id() -> str:
    """A fresh identifier: 12 characters of 32 (60 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_long_id() -> str:
    """The same with 24 characters (120 bits): not to be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LONG))


def is_id(text: str) -> bool:
    """Whether it could be one of ours: what could not is never asked of the database."""
    return len(text) in (LENGTH, LONG) and all(character in ALPHABET for character in text)


def new_secret() -> str:
    """A bearer secret of 256 bits, URL-safe: session cookies, API tokens."""
    return secrets.token_urlsafe(32)

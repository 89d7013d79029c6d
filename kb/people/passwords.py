"""Password hashing: Argon2id with the library's current defaults."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 200
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The encoded Argon2id hash."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def verify_password(encoded: str | None, password: str) -> bool:
    """Whether the password is right; an account without one takes as long to refuse."""
    try:
        return _hasher.verify(encoded or _nobody(), password) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False

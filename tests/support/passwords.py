"""Argon2 at the price its library sets for tests: what people pay once a day a test may pay thirty times."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

import kb.people.passwords


def cheaper() -> None:
    """For this process alone; what `kb serve` hashes with is in a test of its own."""
    kb.people.passwords._hasher = PasswordHasher.from_parameters(CHEAPEST)

"""Canonical JSON: the same facts are always the same bytes, so that a hash can stand for them."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(facts: Any) -> str:
    """UTF-8 text: keys sorted, no spaces, characters as they are; numbers are whole. Raises ValueError otherwise."""
    _refuse_fractions(facts)
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    text.encode("utf-8")  # a lone surrogate has no bytes
    return text


def sha256_of(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _refuse_fractions(facts: Any) -> None:
    """Programs write them differently: 1.0, 1e0."""
    if isinstance(facts, float):
        raise ValueError("canonical JSON holds whole numbers only")
    for inside in facts.values() if isinstance(facts, dict) else facts if isinstance(facts, list) else ():
        _refuse_fractions(inside)

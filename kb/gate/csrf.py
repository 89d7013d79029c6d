"""Cross-site requests: a token bound to the browser and its session, on every unsafe method of a page.

The token is masked anew each time, so that compression cannot leak it (BREACH).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

SEED_COOKIE = "kb_seed"
FIELD = "csrf_token"
HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def new_seed() -> str:
    """What a browser without one is given, in a cookie scripts cannot read."""
    return secrets.token_urlsafe(18)


def _digest(key: str, seed: str, session_token: str | None) -> bytes:
    message = f"csrf:{seed}:{session_token or ''}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).digest()


def make_token(key: str, seed: str, session_token: str | None) -> str:
    """A token for this browser and session: HMAC-SHA256, masked."""
    mask = secrets.token_bytes(32)
    masked = bytes(a ^ b for a, b in zip(mask, _digest(key, seed, session_token), strict=True))
    return base64.urlsafe_b64encode(mask + masked).decode("ascii").rstrip("=")


def is_right(token: str, key: str, seed: str, session_token: str | None) -> bool:
    """Whether a token sent back is one made for this browser and session."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"==")
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 64:
        return False
    sent = bytes(a ^ b for a, b in zip(raw[:32], raw[32:], strict=True))
    return hmac.compare_digest(sent, _digest(key, seed, session_token))

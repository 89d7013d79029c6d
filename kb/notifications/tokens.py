"""Addresses that stand for a person without signing in: each token is an HMAC under the settings' secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac


def _mac(key: str, *parts: str | int) -> str:
    message = ":".join(map(str, parts)).encode()
    made = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode("ascii").rstrip("=")


def feed_token(key: str, handover_id: str, user_id: str, renewals: int) -> str:
    """The token of one member's calendar feed of one handover; it names the member."""
    return f"{user_id}.{_mac(key, 'calendar', handover_id, user_id, renewals)}"


def unsubscribe_token(key: str, user_id: str) -> str:
    """The token by which somebody ends the weekly mail out of the mail itself."""
    return f"{user_id}.{_mac(key, 'weekly mail', user_id)}"


def user_named(token: str) -> str:
    """Whom a token says it belongs to; nothing is proved by that."""
    return token.partition(".")[0]


def same(token: str, right: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(token.encode("utf-8", "replace"), right.encode())

"""Secrets that were pasted into a text: keys, tokens, passwords, in English and Chinese. Pure and in linear time."""

from __future__ import annotations

from kb.secrets.finding import find_secrets
from kb.secrets.kinds import Secret, SecretKind

__all__ = ["Secret", "SecretKind", "find_secrets"]

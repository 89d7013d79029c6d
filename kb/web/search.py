"""To be written by its owner."""

from __future__ import annotations

from typing import Any

HANDLERS: list[Any] = []

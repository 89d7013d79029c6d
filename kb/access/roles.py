"""The roles a person can hold in a handover."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    LEAVER = "leaver"
    SUCCESSOR = "successor"
    MANAGER = "manager"
    TRAINER = "trainer"
    VIEWER = "viewer"

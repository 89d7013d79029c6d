"""What can go wrong, as the edges must answer it: a class per HTTP status, messages in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One broken field of a form or JSON body."""

    field: str
    message: str


class KbError(Exception):
    """An expected failure; `status` is the HTTP status, `extra` goes into the problem document."""

    status = 500

    def __init__(self, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extra = extra


class Malformed(KbError):
    status = 400


class SignInNeeded(KbError):
    status = 401


class NotAllowed(KbError):
    status = 403


class NotFound(KbError):
    """Not there, or not yours to see: the two must look alike."""

    status = 404


class Conflict(KbError):
    status = 409


class TooLarge(KbError):
    status = 413


class Invalid(KbError):
    """Input that was understood and refused, field by field."""

    status = 422

    def __init__(self, errors: Sequence[FieldError], **extra: Any) -> None:
        # Each sentence once: what is wrong where stands in `errors`.
        super().__init__(" ".join(dict.fromkeys(error.message for error in errors)), **extra)
        self.errors = tuple(errors)

    @classmethod
    def field(cls, field: str, message: str) -> Invalid:
        """The common case: one field is wrong."""
        return cls([FieldError(field, message)])


class BaseNeeded(KbError):
    status = 428


class TooMany(KbError):
    """Tried too often; `retry_after` in seconds."""

    status = 429
    retry_after = 900

    @property
    def headers(self) -> dict[str, str]:
        return {"retry-after": str(self.retry_after)}


class Unavailable(KbError):
    status = 503


class NoRoom(KbError):
    """The disk is full."""

    status = 507

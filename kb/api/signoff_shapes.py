"""The answers about signing, field by field."""

from typing import TypedDict

from kb.access.roles import Role
from kb.signoff.models import SignoffState


class Signer(TypedDict):
    """Who signed, as they were called then."""

    email: str
    name: str


class SignatureAnswer(TypedDict):
    """One role's signature."""

    role: Role
    user: Signer
    signed_at: str
    reservations: list[str]


class BlockingAnswer(TypedDict):
    """An item with something required that is open and that no reservation names."""

    item: str
    title: str
    reason: str


class ExceptionAnswer(TypedDict):
    """What was open when the manifest was fixed, by language why, and the reservations that name it."""

    item: str
    title: str
    reason: dict[str, str]
    reservations: list[str]


class ChangedAnswer(TypedDict):
    """How many entries of a part of the manifest are no longer as they were fixed."""

    section: str
    number: int


class EarlierAnswer(TypedDict):
    """A sign-off before this one; `complete` ones have a certificate: `?number=`."""

    number: int
    state: SignoffState
    complete: bool
    signed_at: str | None
    manifest_sha256: str | None


class SignoffAnswer(TypedDict):
    """How far signing has come. `manifest_sha256` is null before the first signature.

    `certificate`: the number of the sign-off that holds, null before all three have signed.
    """

    number: int
    state: SignoffState
    signatures: list[SignatureAnswer]
    missing: list[Role]
    blocking: list[BlockingAnswer]
    exceptions: list[ExceptionAnswer]
    changed: list[ChangedAnswer]
    manifest_sha256: str | None
    signed_at: str | None
    certificate: int | None
    earlier: list[EarlierAnswer]

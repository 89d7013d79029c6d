"""Input about notes: JSON structures and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.checklists.models import Importance
from kb.errors import Malformed
from kb.i18n import _
from kb.notes.models import Kind, NoteStatus
from kb.validation import Checker, is_visible

MOST_BODY = 1_000_000
MOST_TITLE = 200


class NoteBody(msgspec.Struct):
    """A note to create, or the fields of one to change."""

    kind: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    items: list[str] | UnsetType = UNSET
    purpose: str | UnsetType = UNSET
    importance: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    language: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    owner: str | None | UnsetType = UNSET
    base_revision: int | None | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    minor: bool | UnsetType = UNSET
    check_by: str | None | UnsetType = UNSET
    accept_secrets: bool | UnsetType = UNSET


class CheckBody(msgspec.Struct):
    """Which revision somebody has read and found still right."""

    revision: int


@dataclass(frozen=True)
class Saying:
    """What is said about one save: why it was made, whether readers need to look at it, that secrets may stay."""

    reason: str = ""
    minor: bool = False
    accept_secrets: bool = False


def saying_of(data: Mapping[str, Any]) -> Saying:
    """Check what a save says about itself."""
    check = Checker(data)
    reason = check.line("reason", most=300, required=False)
    check.done()
    return Saying(reason, check.flag("minor"), check.flag("accept_secrets"))


def note_fields(data: Mapping[str, Any], *, creating: bool, default_language: str = "en") -> dict[str, Any]:
    """Check the fields of a note; returns only those sent, or all of a new one. Items stay ids, `owner` an address."""
    check = Checker(data)
    fields: dict[str, Any] = {}
    if creating or check.has("kind"):
        fields["kind"] = str(check.choice("kind", Kind))
    if creating or check.has("title"):
        fields["title"] = check.line("title", most=MOST_TITLE)
    if creating and not check.has("body"):  # empty is possible, left out is a mistake
        check.fail("body", _("This must be filled in."))
    if creating or check.has("body"):
        fields["body"] = check.text("body", most=MOST_BODY, required=False)
    if creating or check.has("items"):
        fields["items"] = check.strings("items", most=200, each=40)
    if creating or check.has("purpose"):
        fields["purpose"] = check.line("purpose", most=500, required=False)
    if creating or check.has("importance"):
        fields["importance"] = str(check.choice("importance", Importance, Importance.NORMAL))
    if creating or check.has("tags"):
        fields["tags"] = _tags(check)
    if creating or check.has("language"):
        fields["language"] = check.language("language", default_language)
    if creating or check.has("status"):
        fields["status"] = str(check.choice("status", NoteStatus, NoteStatus.PUBLISHED))
    if check.has("check_by"):
        fields["check_by"] = check.day("check_by", required=False)
    if check.has("owner"):
        fields["owner"] = check.email("owner", required=False) if data.get("owner") else None
    check.done()
    return fields


def _tags(check: Checker) -> list[str]:
    tags = [tag.lstrip("#").strip() for tag in check.strings("tags", most=30, each=50)]
    return list(dict.fromkeys(tag for tag in tags if is_visible(tag)))


def base_revision(sent: Any, if_match: str | None) -> int | None:
    """The revision an edit was made on, from the body or the If-Match header; raises Malformed where they differ."""
    from_header = _revision_of(if_match)
    check = Checker({"base_revision": sent})
    from_body = check.whole("base_revision", low=1, high=2**31 - 1)
    check.done()
    if from_header is not None and from_body is not None and from_header != from_body:
        raise Malformed(_("If-Match and base_revision name different revisions."))
    return from_header if from_header is not None else from_body


def _revision_of(if_match: str | None) -> int | None:
    if not if_match:
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise Malformed(_("If-Match must be a revision number in quotes."))

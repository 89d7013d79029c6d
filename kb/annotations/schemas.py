"""Input about annotations: JSON structures and their validation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from kb.annotations.models import AnnotationKind, AnnotationState
from kb.errors import FieldError
from kb.i18n import _
from kb.validation import Checker

MOST_BODY = 20_000
MOST_QUOTE = 20_000
MOST_PLACE = 100_000_000
MOST_REVISION = 2**31 - 1


class QuoteBody(msgspec.Struct):
    """W3C TextQuoteSelector."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class PositionBody(msgspec.Struct):
    """W3C TextPositionSelector, in code points over the note's canonical text."""

    start: int
    end: int


class TargetBody(msgspec.Struct):
    """The passage, and the revision of the note it was marked on; left out, the newest counts."""

    quote: QuoteBody
    position: PositionBody | None = None
    revision: int | None = None


class AnnotationBody(msgspec.Struct):
    """A remark on a passage."""

    kind: str
    target: TargetBody
    body: str = ""
    replacement: str | None = None
    revision: int | None = None
    accept_secrets: bool = False


class AnnotationPatch(msgspec.Struct):
    """A change of state, or of one's own words."""

    state: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    accept_secrets: bool | UnsetType = UNSET


class PlaceBody(msgspec.Struct):
    """The passage a remark is about, as it stands now."""

    target: TargetBody
    revision: int | None = None


class AcceptBody(msgspec.Struct):
    """The revision a correction was read against; left out, the newest counts."""

    base_revision: int | None | UnsetType = UNSET
    accept_secrets: bool | UnsetType = UNSET


class ReplyBody(msgspec.Struct):
    """An answer."""

    body: str
    accept_secrets: bool = False


@dataclass(frozen=True)
class Place:
    """A checked passage; `start` in code points and the revision it was marked on where they were said."""

    exact: str
    prefix: str
    suffix: str
    start: int | None
    revision: int | None = None


@dataclass(frozen=True)
class NewAnnotation:
    """A checked remark."""

    kind: AnnotationKind
    body: str
    replacement: str | None
    place: Place


def new_annotation(data: Mapping[str, Any]) -> NewAnnotation:
    """Check a remark: of interface.md's form, or a form's flat fields exact, prefix, suffix, start, revision."""
    check = Checker(data)
    kind = check.choice("kind", AnnotationKind)
    correcting = kind is AnnotationKind.CORRECTION
    says_something = kind is not AnnotationKind.HIGHLIGHT and not correcting
    body = check.text("body", most=MOST_BODY, required=says_something)
    # A correction may propose that a passage goes: an empty replacement is one. It may also only say what is wrong.
    if correcting and data.get("replacement") is None and not body.strip():
        check.fail("replacement", _("A correction says what should stand there instead."))
    if not correcting and data.get("replacement"):
        check.fail("replacement", _("Only a correction can put other words in the place of these."))
    proposed = correcting and data.get("replacement") is not None
    replacement = check.text("replacement", most=MOST_QUOTE, required=False) if proposed else None
    place = _place(data, check)
    check.done()
    return NewAnnotation(kind, body, replacement, place)


def new_place(data: Mapping[str, Any]) -> Place:
    """Check a passage alone, in either form."""
    check = Checker(data)
    place = _place(data, check)
    check.done()
    return place


def _place(data: Mapping[str, Any], check: Checker) -> Place:
    target = Checker(_flat(data))
    exact = target.text("exact", most=MOST_QUOTE)
    prefix, suffix = (target.text(name, most=400, required=False) for name in ("prefix", "suffix"))
    start = target.whole("start", low=0, high=MOST_PLACE)
    target.whole("end", low=start or 0, high=MOST_PLACE)
    revision = target.whole("revision", low=1, high=MOST_REVISION)
    check.errors += [FieldError(_sent_as(data, one.field), one.message) for one in target.errors]
    return Place(exact, prefix, suffix, start, revision)


def _flat(data: Mapping[str, Any]) -> Mapping[str, Any]:
    target = data.get("target")
    if not isinstance(target, Mapping):
        return data
    quote, position = target.get("quote") or {}, target.get("position") or {}
    revision = target.get("revision")
    read = data.get("revision") if revision is None else revision
    return {**quote, "start": position.get("start"), "end": position.get("end"), "revision": read}


def _sent_as(data: Mapping[str, Any], field: str) -> str:
    """The name under which the sender knows a field."""
    if "target" not in data or field == "revision":
        return field
    return f"target.position.{field}" if field in ("start", "end") else f"target.quote.{field}"


def annotation_changes(data: Mapping[str, Any]) -> dict[str, Any]:
    """Check a change; returns only what was sent."""
    check = Checker(data)
    changes: dict[str, Any] = {}
    if check.has("state"):
        changes["state"] = str(check.choice("state", AnnotationState))
    if check.has("body"):
        changes["body"] = check.text("body", most=MOST_BODY)
    check.done()
    return changes


def reply_body(data: Mapping[str, Any]) -> str:
    """Check a reply."""
    check = Checker(data)
    body = check.text("body", most=MOST_BODY)
    check.done()
    return body

"""JSON bodies: read after the guards, every wrong type named; what a value must be, the services check."""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from kb.errors import FieldError, Invalid, Malformed
from kb.i18n import _

_MISSING = re.compile(r"missing required field `([^`]+)`")
_PLACE = re.compile(r" - at `\$([^`]*)`$")


async def body_of(
    request: Request[Any, Any, Any], shape: Any, *, creating: bool = False, optional: bool = False
) -> Any:
    """The body's known fields by the structure `shape`, or a list of them; raises Malformed or Invalid.

    `creating`: null says the same as leaving a field out. `optional`: no body at all, or null, is an empty one.
    """
    raw = await request.body()
    if not raw and optional:
        return {}
    if raw and not _is_json(request.headers.get("content-type", "")):
        raise HTTPException(status_code=415)
    try:
        sent = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Malformed(_("The body is not valid JSON in UTF-8.")) from None
    if sent is None and optional:
        return {}
    return _list(sent, shape) if get_origin(shape) is list else _fields(sent, shape, creating)


def _is_json(content_type: str) -> bool:
    """A form or plain text could be sent by any page of any site; a body that says nothing could not."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("", "application/json") or (kind.startswith("application/") and kind.endswith("+json"))


def _list(sent: Any, shape: Any) -> list[Any]:
    errors = _errors("members", sent, shape)
    if errors:
        raise Invalid(errors)
    known = {field.encode_name for field in msgspec.structs.fields(get_args(shape)[0])}
    return [{name: value for name, value in entry.items() if name in known} for entry in sent]


def _fields(sent: Any, shape: Any, creating: bool) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise Invalid.field("body", _("The body must be a JSON object."))
    found: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in msgspec.structs.fields(shape):
        name = field.encode_name
        if name not in sent or (creating and sent[name] is None):
            if field.required:
                errors.append(FieldError(name, _("This must be filled in.")))
            continue
        errors += _errors(name, sent[name], field.type)
        found[name] = sent[name]
    if errors:
        raise Invalid(errors)
    return found


def _errors(name: str, value: Any, kind: Any) -> list[FieldError]:
    """The first thing in a value that has the wrong type, by its path."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        place, missing = _PLACE.search(str(error)), _MISSING.search(str(error))
        path = [
            name,
            *re.findall(r"[^.\[\]\d]+", place[1] if place else ""),
            *(missing.groups() if missing else ()),
        ]
        message = _("This must be filled in.") if missing else _("This has the wrong type.")
        return [FieldError(".".join(path), message)]
    return []

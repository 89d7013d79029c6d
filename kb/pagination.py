"""Lists a page at a time: an opaque cursor over a stable order, `limit` and an exact total."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from kb.errors import Invalid, Malformed
from kb.i18n import _

T = TypeVar("T")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of a list's items, how many there are in all, and where to go on."""

    items: list[T]
    total: int
    next: str | None

    def map(self, convert: Callable[[T], Any]) -> dict[str, Any]:
        """The JSON form of interface.md."""
        return {"items": [convert(item) for item in self.items], "total": self.total, "next": self.next}


def _decode(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==").decode("ascii")
        mark, number = text[:1], text[1:]
        # The decoder skips what is not base64, so what it gives is encoded again and compared.
        if mark == "o" and number.isdecimal() and int(number) < 2**31 and _encode(int(number)) == cursor:
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise Malformed(_("This cursor is not one we gave out."))


def _encode(offset: int) -> str:
    return base64.urlsafe_b64encode(f"o{offset}".encode("ascii")).decode("ascii").rstrip("=")


def checked_limit(limit: int | None, default: int = DEFAULT_LIMIT, most: int = MAX_LIMIT) -> int:
    """The limit to use; outside 1…most is refused."""
    if limit is None:
        return default
    if not 1 <= limit <= most:
        raise Invalid.field("limit", _("limit must be from 1 to %(most)s.") % {"most": most})
    return limit


def count_rows(session: Session, query: Select[Any]) -> int:
    """How many rows a SELECT gives, whatever its order."""
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def paginate(
    session: Session, query: Select[Any], *, cursor: str | None = None, limit: int | None = None
) -> Page[Any]:
    """Run an ordered SELECT of one entity a page at a time."""
    size, offset = checked_limit(limit), _decode(cursor)
    total = count_rows(session, query)
    rows = list(session.scalars(query.limit(size).offset(offset)))
    more = offset + len(rows) < total and len(rows) == size
    return Page(rows, total, _encode(offset + size) if more else None)


def paginate_list(rows: Sequence[T], *, cursor: str | None = None, limit: int | None = None) -> Page[T]:
    """The same for what is all in memory."""
    size, offset = checked_limit(limit), _decode(cursor)
    following = _encode(offset + size) if offset + size < len(rows) else None
    return Page(list(rows[offset : offset + size]), len(rows), following)

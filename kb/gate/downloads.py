"""Files on their way out: a piece at a time, and so that nothing in them can act."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio import open_file
from litestar import Request, Response
from litestar.response import Stream

from kb.attachments.models import Attachment
from kb.attachments.naming import disposition
from kb.attachments.sniffing import SHOWN
from kb.errors import KbError
from kb.gate.uploads import storage_of
from kb.i18n import _

PIECE = 256 * 1024  # bytes read at once
POLICY = "sandbox; default-src 'none'"


def sent_file(request: Request[Any, Any, Any], attachment: Attachment) -> Response[Any]:
    """The bytes of an attachment; pictures of a few kinds are shown, everything else is to be saved."""
    path = storage_of(request).path_of(attachment.sha256)
    if not path.is_file():
        raise KbError(
            _("The bytes of this file are missing on the server. An administrator can restore them.")
        )
    kind = attachment.media_type
    headers = {
        "content-length": str(attachment.size),
        "content-disposition": disposition("inline" if kind in SHOWN else "attachment", attachment.name),
        "content-security-policy": POLICY,
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, no-store",
    }
    if request.method == "HEAD":
        return Response(b"", media_type=kind, headers=headers)
    return Stream(_pieces(path), media_type=kind, headers=headers)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    async with await open_file(path, "rb") as file:
        while piece := await file.read(PIECE):
            yield piece

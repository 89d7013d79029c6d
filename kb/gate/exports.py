"""Whole handovers on their way out and in: a zip written aside and sent a piece at a time, an upload brought in."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from anyio import open_file
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.response import Stream
from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.attachments.naming import clean_name, disposition
from kb.attachments.storage import says_when_full
from kb.errors import Invalid
from kb.gate.downloads import PIECE
from kb.gate.state import services_of
from kb.gate.uploads import Upload, storage_of
from kb.handovers.queries import get_handover
from kb.i18n import _
from kb.import_export import jobs
from kb.import_export.exporter import record_export, write_zip
from kb.import_export.importer import Progress, Report, bring_in
from kb.import_export.naming import safe_name
from kb.import_export.rest import Files
from kb.import_export.sources import count_files

AT_ONCE = 500  # files brought in while the sender waits
FORMATS = ("zip",)


def sent_export(
    request: Request[Any, Any, Any], session: Session, identity: Identity, handover_id: str, wanted: str
) -> Response[Any]:
    """The handover as a file; raises Invalid on `format`."""
    if wanted not in FORMATS:
        allowed = ", ".join(FORMATS)
        raise Invalid.field("format", _("Must be one of: %(allowed)s.") % {"allowed": allowed})
    storage = storage_of(request)
    with (
        says_when_full(),
        tempfile.NamedTemporaryFile(dir=storage.aside(), suffix=".zip", delete=False) as file,
    ):
        try:
            write_zip(session, identity, storage, handover_id, file)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    path = Path(file.name)
    headers = {
        "content-length": str(path.stat().st_size),
        "content-disposition": disposition(
            "attachment", f"{safe_name(get_handover(session, handover_id).title, handover_id)}.zip"
        ),
        "cache-control": "private, no-store",
    }
    after = BackgroundTask(_sent, request, identity, handover_id, path)
    return Stream(_pieces(path), media_type="application/zip", headers=headers, background=after)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """The file is gone as soon as it is open or sent: nobody else can come by it."""
    try:
        async with await open_file(path, "rb") as file:
            while piece := await file.read(PIECE):
                yield piece
    finally:
        path.unlink(missing_ok=True)


def _sent(request: Request[Any, Any, Any], identity: Identity, handover_id: str, path: Path) -> None:
    path.unlink(missing_ok=True)
    with services_of(request).database.transaction() as session:
        record_export(session, identity, handover_id)


def bring_upload_in(
    request: Request[Any, Any, Any], identity: Identity, handover_id: str, upload: Upload
) -> Report | str:
    """Import what was sent; the id of a job where that takes long. Raises Invalid by file name."""
    services, storage = services_of(request), storage_of(request)
    files = Files(storage, services.settings.max_upload_mb * 1024 * 1024)
    # Named as it was sent: how it ends says what it is.
    folder = Path(tempfile.mkdtemp(dir=storage.aside()))
    path = folder / (clean_name(upload.name) or "upload")
    upload.incoming.path.rename(path)

    def work(progress: Progress) -> Report:
        try:
            return bring_in(services.database, identity, handover_id, path, progress=progress, files=files)
        finally:
            path.unlink(missing_ok=True)
            folder.rmdir()

    if count_files(path) > AT_ONCE:
        return jobs.begin(services.database, identity, handover_id, work)
    return work(lambda _stage, _done, _total: None)

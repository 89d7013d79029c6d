"""Files on their way in: a form in parts read as it comes, its one file written down piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser  # type: ignore[import-untyped]

from kb.attachments.storage import Incoming, Storage
from kb.errors import Invalid, Malformed, TooLarge
from kb.gate.state import services_of
from kb.i18n import _

FIELD = "file"
PIECE = 1024 * 1024  # bytes gathered for one writing
_AROUND = 64 * 1024  # bytes of a form beside its file
_MEGABYTE = 1024 * 1024
Fields = dict[str, str]


@dataclass(frozen=True)
class Upload:
    """A file that has arrived whole, not yet put in place."""

    incoming: Incoming
    name: str  # as it was sent


def storage_of(request: Request[Any, Any, Any]) -> Storage:
    """Where this application keeps its files."""
    return Storage(services_of(request).settings.data_dir)


async def receive(
    request: Request[Any, Any, Any], before: Callable[[Fields], None] = lambda _fields: None
) -> AsyncIterator[Upload]:
    """A dependency: the form's file, taken away afterwards unless it was put in place.

    `before` sees the fields that stand before the file and may refuse it before a byte of it is written.
    Raises TooLarge, NoRoom, Malformed, Invalid.
    """
    reading = _Reading(storage_of(request), services_of(request).settings.max_upload_mb, before)
    try:
        announced = request.content_length
        if announced is not None and announced > reading.most + _AROUND:
            raise reading.too_large()
        yield await _read(request, reading)
    finally:
        if reading.incoming:
            await sync_to_thread(reading.incoming.discard)


async def _read(request: Request[Any, Any, Any], reading: _Reading) -> Upload:
    kind, options = request.content_type
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Malformed(_("Send a form in parts: multipart/form-data with the field “file”."))
    try:
        with PushMultipartParser(
            options["boundary"].encode("latin-1", "replace"), max_segment_count=20
        ) as parser:
            async for chunk in request.stream():
                if parser.closed:
                    break
                for event in parser.parse(chunk):
                    reading.take(event)
                if len(reading.waiting) >= PIECE:
                    await sync_to_thread(reading.write)
        await sync_to_thread(reading.finish)
    except (MultipartError, UnicodeError, InternalServerException):
        # The sender broke off, most often because somebody cancelled.
        raise Malformed(_("The file did not arrive whole. Nothing was stored.")) from None
    return reading.upload()


class _Reading:
    """What has been read so far of one form."""

    def __init__(self, storage: Storage, megabytes: int, before: Callable[[Fields], None]) -> None:
        self.most = megabytes * _MEGABYTE
        self.incoming: Incoming | None = None
        self.waiting = bytearray()
        self._megabytes, self._before, self._storage = megabytes, before, storage
        self._segment: MultipartSegment | None = None
        self._fields: dict[str, bytearray] = {}
        self._name = ""
        self._around = self._inside = 0

    def take(self, event: Any) -> None:
        """One event of the parser: a part begins, some of its bytes, it ends."""
        if isinstance(event, MultipartSegment):
            self._segment = event
            if self._is_file(event):
                self._begin(event)
        elif event and self._segment is not None:
            self._bytes(self._segment, event)

    def _is_file(self, segment: MultipartSegment) -> bool:
        return segment.name == FIELD and segment.filename is not None

    def _begin(self, segment: MultipartSegment) -> None:
        if self.incoming is not None:
            raise Invalid.field(FIELD, _("One file at a time, please."))
        self._before({name: bytes(value).decode("utf-8") for name, value in self._fields.items()})
        self._name = segment.filename
        self.incoming = self._storage.incoming()

    def _bytes(self, segment: MultipartSegment, piece: bytes) -> None:
        if self._is_file(segment):
            self._inside += len(piece)
            if self._inside > self.most:
                raise self.too_large()
            self.waiting += piece
            return
        self._around += len(piece)
        if self._around > _AROUND:
            raise Malformed(_("The form has too many fields."))
        self._fields.setdefault(segment.name, bytearray()).extend(piece)

    def write(self) -> None:
        """Put down what has gathered."""
        if self.incoming is not None and self.waiting:
            self.incoming.write(bytes(self.waiting))
            self.waiting.clear()

    def finish(self) -> None:
        """The form has ended."""
        self.write()
        if self.incoming is not None:
            self.incoming.finish()

    def upload(self) -> Upload:
        """What has arrived; raises Invalid if there was no file."""
        if self.incoming is None or not (self._name or self.incoming.size):
            raise Invalid.field(FIELD, _("Choose a file first."))
        return Upload(self.incoming, self._name)

    def too_large(self) -> TooLarge:
        """Which size is taken, in words."""
        return TooLarge(
            _("The file is larger than %(most)s MB, the most that is taken here. Nothing was stored.")
            % {"most": self._megabytes}
        )

"""How every answer leaves: what a page may load, that nothing else may frame or sniff it; long ones compressed."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from litestar.middleware import ASGIMiddleware

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


_ENCODED = [
    (name.encode(), value.encode()) for name, value in {**HEADERS, "cache-control": "no-store"}.items()
]
LONG = 1500  # bytes; packing less saves no packet
Headers = list[tuple[bytes, bytes]]


def completed(headers: Headers) -> Headers:
    """The headers of an answer with those every answer has, unless it set its own; pages and JSON are never kept."""
    own = {name for name, _value in headers}
    return [*headers, *(pair for pair in _ENCODED if pair[0] not in own)]


def packed(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """The answer compressed: gzip at its quickest, which already makes a page a quarter."""
    body = gzip.compress(body, 1, mtime=0)
    kept = [(name, value) for name, value in headers if name not in (b"content-length", b"vary")]
    vary = [value for name, value in headers if name == b"vary"]
    return [
        *kept,
        (b"content-encoding", b"gzip"),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b", ".join([*vary, b"Accept-Encoding"])),
    ], body


def _to_pack(scope: Scope, message: Any) -> bool:
    """Static files are kept packed already."""
    return (
        len(message.get("body", b"")) >= LONG
        and not message.get("more_body")
        and not scope["path"].startswith("/static/")
        and any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
    )


class Finishing(ASGIMiddleware):
    """The last word on every answer: its headers, and whether it is compressed."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        waiting: Any = None  # the start of the answer, until its body is known

        async def finish(message: Any) -> None:
            nonlocal waiting
            if message["type"] == "http.response.start":
                waiting = message
                return
            if waiting is not None:
                headers = completed(list(waiting["headers"]))
                if _to_pack(scope, message):
                    headers, body = packed(headers, message["body"])
                    message = {**message, "body": body}
                waiting["headers"] = headers
                await send(waiting)
                waiting = None
            await send(message)

        await next_app(scope, receive, finish)

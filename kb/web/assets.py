"""Static files under content-named addresses, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from kb.access.permits import not_found
from kb.gate.guards import anyone
from kb.paths import STATIC

_MODULE_LINES = re.compile(r"^import\s[^;]*;\n|^export\s+(?=(async\s+)?(function|class|const|let))", re.M)
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_PACKED = (".js", ".css", ".svg", ".json", ".txt")


@cache
def _bundles() -> dict[str, tuple[str, ...]]:
    """Bundle name -> its source files in order; CSS into one file, modules into one per page kind."""
    styles = json.loads((STATIC / "css" / "bundle.json").read_text(encoding="utf-8"))
    scripts = json.loads((STATIC / "js" / "bundle.json").read_text(encoding="utf-8"))
    return {"app.css": tuple(styles), **{name: tuple(files) for name, files in scripts.items()}}


@cache
def _content(name: str) -> bytes:
    """The bytes of a file or bundle; within a bundle the modules' imports of each other fall away."""
    if name not in _bundles():
        return (STATIC / name).read_bytes()
    texts = [(STATIC / part).read_text(encoding="utf-8") for part in _bundles()[name]]
    if name.endswith(".js"):
        texts = [_MODULE_LINES.sub("", text) for text in texts]
    return "\n".join(texts).encode("utf-8")


@cache
def version() -> str:
    """A hash over everything under static/; part of every address, so relative addresses inside files hold too."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(path.relative_to(STATIC).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file or bundle."""
    return f"/static/{version()}/{name}"


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), 9, mtime=0)


@cache
def _known() -> frozenset[str]:
    files = (path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())
    return frozenset(files) | frozenset(_bundles())


def _type(name: str) -> str:
    return _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


@get("/static/{asked:str}/{name:path}", guards=[anyone], sync_to_thread=False, include_in_schema=False)
def static_file(
    request: Request[Any, Any, Any], asked: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """A static file; kept for ever under its own version, not at all under another."""
    name = str(name).lstrip("/")
    if name not in _known():
        raise not_found()
    keep = "public, max-age=31536000, immutable" if asked == version() else "no-cache"
    headers = {"cache-control": keep, "vary": "accept-encoding"}
    if name.endswith(_PACKED) and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            _packed(name), media_type=_type(name), headers={**headers, "content-encoding": "gzip"}
        )
    return Response(_content(name), media_type=_type(name), headers=headers)

"""Compiled SQL kept from one test's engine to the next, as one engine keeps it for the life of a server."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Dialect, Engine, event

import kb.db

_compiled: dict[Any, Any] = {}
_dialects: dict[str, Dialect] = {}  # by driver; what is compiled is found again under its dialect


def keep() -> None:
    """From here on every `Database` of this process, whatever file or server, finds what others compiled."""
    kb.db.create_engine = _create_engine  # type: ignore[assignment, attr-defined]


def _create_engine(url: str, **options: Any) -> Engine:
    """SQLAlchemy's engine over this address, with its own connections; raises what SQLAlchemy raises."""
    engine = sqlalchemy.create_engine(url, execution_options={"compiled_cache": _compiled}, **options)
    driver = engine.url.drivername
    known = _dialects.get(driver)
    if known:
        engine.dialect = known
    else:
        # Only once it has connected does a dialect know its server.
        event.listen(engine, "connect", lambda *_: _dialects.setdefault(driver, engine.dialect))
    return engine

"""What the running application holds, and how a request reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from litestar.connection import ASGIConnection

from kb.access.identity import Facts, Identity
from kb.config import Settings
from kb.db import Database
from kb.search.gaps.recording import SearchLog
from kb.search.live import LiveIndex

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True)
class Services:
    """Settings, database, index and log of searches of one process."""

    settings: Settings
    database: Database
    index: LiveIndex
    searches: SearchLog


def services_of(connection: Connection) -> Services:
    """The application's parts."""
    return cast(Services, connection.app.state["services"])


def identity_of(connection: Connection) -> Identity | None:
    """Who is asking; None for a stranger."""
    return cast("Identity | None", connection.scope.get("kb_identity"))


def facts_of(connection: Connection) -> dict[str, Facts]:
    """Of what the path names, by parameter: looked up together with who is asking; of what is there only."""
    return cast("dict[str, Facts]", connection.scope.get("kb_facts") or {})


def signed_in_now(connection: Connection, identity: Identity, token: str) -> None:
    """From here on the request is answered as that person's, in their new session."""
    connection.scope["kb_identity"] = identity  # type: ignore[typeddict-unknown-key]
    connection.scope["kb_session_token"] = token  # type: ignore[typeddict-unknown-key]


def session_token_of(connection: Connection) -> str | None:
    """The session cookie's token, where one was accepted."""
    return cast("str | None", connection.scope.get("kb_session_token"))

"""Alembic's way in: runs on the connection that `kb.migrations` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from kb.db import UtcDateTime
from kb.models import Base


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must not import the product: it has to mean the same in ten years."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True,
    render_item=_render,
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()

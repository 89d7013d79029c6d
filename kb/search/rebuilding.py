"""Rebuilding the index beside the requests, when an administrator asks for it."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kb.search.indexer import Indexer
from kb.search.interface import IndexBusy, IndexUnavailable

log = structlog.get_logger("kb.search")
_running = threading.Lock()


def start_rebuild(indexer: Indexer) -> bool:
    """Begin a rebuild in the background; False while one runs or while another process keeps the index."""
    if not indexer.take_lock() or not _running.acquire(blocking=False):
        return False
    threading.Thread(target=_rebuild, args=(indexer,), name="kb-rebuild", daemon=True).start()
    return True


def _rebuild(indexer: Indexer) -> None:
    try:
        indexer.rebuild()
    except (IndexUnavailable, IndexBusy, OSError, SQLAlchemyError) as error:
        # The old index stays in use, and the indexer mends or rebuilds it if it must.
        log.warning("rebuilding failed", error=f"{type(error).__name__}: {error}")
    finally:
        _running.release()

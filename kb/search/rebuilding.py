"""Rebuilding the index beside the requests, when an administrator asks for it."""

from __future__ import annotations

from kb.search.indexer import Indexer


def start_rebuild(indexer: Indexer) -> bool:
    """Ask whichever process writes the index to build it anew; False while one is being built."""
    status = indexer.status()
    if status.progress is not None or status.wanted:
        return False
    indexer.ask_for_rebuild()
    return True

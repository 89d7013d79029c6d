"""Merging in the background: neither searches nor commits wait for it."""

from __future__ import annotations

import threading

import structlog

from kb.search.folder import WriterLock
from kb.search.live import LiveIndex
from kb.search.spelling import prepare

log = structlog.get_logger("kb.search")


class Merger:
    """A thread of the process that writes the index; sleeps until something was committed."""

    def __init__(self, live: LiveIndex, lock: WriterLock) -> None:
        self._live = live
        self._lock = lock
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Merge until `stop()`."""
        self._thread = threading.Thread(target=self._run, name="kb-merger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give up what is being merged; nothing is lost by it."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=10)

    def wake(self) -> None:
        """Something was committed, or this process became the one that writes."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            if not self._lock.held:
                continue
            try:
                index = self._live.current()
                while not self._stop.is_set() and index.merge(self._stop.is_set):
                    prepare(index.now().lexicon(frozenset()))  # or the first unknown word would have to wait
            except InterruptedError:
                return
            except Exception as error:
                # Rebuilt or swept away meanwhile, disk full, damaged: the next commit tries again.
                log.warning("merging failed", error=f"{type(error).__name__}: {error}")

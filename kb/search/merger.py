"""Merging in the background: neither searches nor commits wait for it."""

from __future__ import annotations

import threading

import structlog

from kb.search.folder import WriterLock
from kb.search.interface import IndexUnavailable
from kb.search.live import LiveIndex
from kb.search.spelling import prepare

log = structlog.get_logger("kb.search")
QUIET = 5.0  # seconds without a commit, after which fewer small segments stay


class Merger:
    """Two threads of the process that writes the index: one for small segments, which gather all the time, one for
    big ones, which take long; both sleep until something was committed.
    """

    def __init__(self, live: LiveIndex, lock: WriterLock) -> None:
        self._live = live
        self._lock = lock
        self._wake = {False: threading.Event(), True: threading.Event()}
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Merge until `stop()`."""
        for big in self._wake:
            name = "kb-merger-big" if big else "kb-merger-small"
            thread = threading.Thread(target=self._run, args=(big,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Give up what is being merged; nothing is lost by it."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout=10)

    def wake(self) -> None:
        """Something was committed, or this process became the one that writes."""
        for event in self._wake.values():
            event.set()

    def _run(self, big: bool) -> None:
        tidied = True
        while not self._stop.is_set():
            quiet = not self._wake[big].wait(None if big or tidied else QUIET)
            self._wake[big].clear()
            tidied = quiet
            if not self._lock.held:
                continue
            try:
                index = self._live.current()
                while not self._stop.is_set() and index.merge(self._stop.is_set, big=big, quiet=quiet):
                    prepare(index.now().lexicon(frozenset()))  # or the first unknown word would have to wait
                    self._wake[True].set()
                    if self._wake[big].is_set():
                        break  # something was committed: the usual rule again
            except InterruptedError:
                return
            except IndexUnavailable:
                continue  # there is none, or it is being built anew: its first commit wakes us
            except Exception as error:
                # Swept away meanwhile, disk full: the next commit tries again.
                log.warning("merging failed", error=f"{type(error).__name__}: {error}")

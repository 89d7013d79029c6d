"""The index as readers use it: whatever build is current now, opened once."""

from __future__ import annotations

import threading
from pathlib import Path

from kb.search.folder import IndexFolder
from kb.search.interface import IndexUnavailable
from kb.search.reading import View
from kb.search.whoosh_index import SearchIndex


class LiveIndex:
    """Follows the folder's current build; safe to use from many threads."""

    def __init__(self, root: Path) -> None:
        self.folder = IndexFolder(root)
        self._lock = threading.Lock()
        self._open: tuple[Path, SearchIndex] | None = None

    def current(self) -> SearchIndex:
        """The current index; raises IndexUnavailable while there is none that can be used."""
        path = self.folder.current()
        with self._lock:
            if self._open is not None and self._open[0] == path:
                return self._open[1]
            self._drop()
            index = SearchIndex(path)
            self._open = (path, index)
            return index

    def view(self, at: int | None = None) -> View:
        """The newest commit, or the one of which pages are being turned; raises IndexUnavailable."""
        return self.current().now(at)

    def pin(self, view: View) -> None:
        """Remember the commit for those who will turn pages."""
        self.current().pin(view)

    def usable(self) -> bool:
        """Whether a search would be answered from the index now."""
        try:
            self.current().position()
        except IndexUnavailable:
            return False
        return True

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

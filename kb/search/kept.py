"""What was made once and may be asked for again, bounded in bytes; what was not used for longest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Safe to use from many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    def get(self, key: Hashable) -> Value:
        """What is kept; raises KeyError."""
        with self._lock:
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep it, `size` bytes about, and let go of what was not used for longest."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = value, size
                self._held += size
            while self._held > self._most:
                self._held -= self._kept.popitem(last=False)[1][1]

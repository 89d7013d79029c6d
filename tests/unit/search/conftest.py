from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.search.interface import SearchDocument
from kb.search.whoosh_index import SearchIndex

Built = Callable[..., SearchIndex]


@pytest.fixture
def index_of(tmp_path: Path) -> Built:
    """Make an index that holds the given documents."""

    def build(*documents: SearchDocument) -> SearchIndex:
        index = SearchIndex.create(tmp_path / "index")
        index.apply(documents, [], 1)
        return index

    return build

"""What a save writes of marks in bulk is in no search document."""

from __future__ import annotations

import inspect

from kb.annotations.carrying import PLACE
from kb.search import documents


def test_no_search_document_is_made_of_what_is_written_in_bulk():
    source = inspect.getsource(documents)
    assert [name for name in PLACE if name in source] == []
    assert "annotation.quote" in source

from __future__ import annotations

import pytest

from tests.unit.search.conftest import Built
from tests.unit.search.factory import SCOPES, document

NOTES = (
    document("1", "退款审核流程", headings=("异常处理",)),
    document("2", "怎样审核退款", tags=("售后",)),
    document("3", "Refund review steps"),
    document("4", "Late refunds", headings=("Who reviews them",)),
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("退", ["1", "2"]),
        ("退款审", ["1"]),
        ("審核", ["2", "1"]),
        ("異常", ["1"]),
        ("售后", ["2"]),
        ("ref", ["3", "4"]),
        ("rev ref", ["3", "4"]),
        ("ＲＥＦ", ["3", "4"]),
        ("zz", []),
        ("  ", []),
        ("x" * 500, []),
    ],
)
def test_titles_headings_and_tags_are_offered_while_typing(
    index_of: Built, typed: str, expected: list[str]
) -> None:
    hits = index_of(*NOTES).suggest(typed, SCOPES, 10)
    assert [hit.id.removeprefix("note:") for hit in hits] == expected


def test_no_more_than_asked_for(index_of: Built) -> None:
    assert len(index_of(*NOTES).suggest("re", SCOPES, 1)) == 1

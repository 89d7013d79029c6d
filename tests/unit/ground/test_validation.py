from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.checklists.models import Importance
from kb.errors import Invalid
from kb.i18n import in_locale
from kb.validation import Checker


def fields(check: Checker) -> set[str]:
    return {error.field for error in check.errors}


@pytest.mark.parametrize("value", [None, "", "   ", 7, [], "x" * 11, "a\0b", "a\nb", "a\u202eb", "\ud800"])
def test_a_line_refuses(value: Any) -> None:
    check = Checker({"title": value})
    check.line("title", most=10)
    assert fields(check) == {"title"}


def test_text_keeps_what_was_typed_but_for_line_ends() -> None:
    typed = "  一\r\n二\r三\u202e😀\t"
    assert Checker({"body": typed}).text("body", most=100) == "  一\n二\n三\u202e😀\t"


@pytest.mark.parametrize(
    "value", ["2026-13-01", "20261130", "tomorrow", "0001-01-01", 5, "2026-11-30T00:00", "2026-W48-1"]
)
def test_a_day_refuses(value: Any) -> None:
    check = Checker({"due": value})
    assert check.day("due") is None
    assert fields(check) == {"due"}


def test_lists_come_as_lists_or_as_one_text_parted_by_commas() -> None:
    assert Checker({"tags": ["a", " b ", "a", ""]}).strings("tags", most=5, each=5) == ["a", "b"]
    assert Checker({"tags": "退款，审批, 11.11"}).strings("tags", most=5, each=10) == [
        "退款",
        "审批",
        "11.11",
    ]


@pytest.mark.parametrize("value", [5, {"a": 1}, [1], ["x" * 6], ["a", "b", "c", "d"]])
def test_a_list_refuses(value: Any) -> None:
    check = Checker({"tags": value})
    check.strings("tags", most=3, each=5)
    assert fields(check) == {"tags"}


def test_a_choice_names_what_is_possible() -> None:
    check = Checker({"importance": "urgent"})
    check.choice("importance", Importance)
    assert "critical, high, normal, low" in check.errors[0].message


def test_every_error_is_told_at_once_in_the_readers_language() -> None:
    with in_locale("zh-Hans"):
        check = Checker({"email": "nobody"})
        check.email("email")
        check.line("title", most=10)
        with pytest.raises(Invalid) as caught:
            check.done()
    assert [error.field for error in caught.value.errors] == ["email", "title"]
    assert all(any(character > "\u4e00" for character in error.message) for error in caught.value.errors)


@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()))
    )
)
def test_nothing_sent_makes_it_raise(data: dict[str, Any]) -> None:
    check = Checker(data)
    for name in ("a", "b"):
        check.line(name, most=5)
        check.text(name, most=5)
        check.day(name)
        check.email(name)
        check.strings(name, most=2, each=3)
        check.whole(name, low=0, high=9)
        check.choice(name, Importance, Importance.LOW)
        check.flag(name)
    assert {error.field for error in check.errors} <= {"a", "b"}


@pytest.mark.parametrize("value", ["\u200b", "\u2060 \ufeff", "\u00a0"])
def test_what_nobody_can_see_is_not_filled_in(value: str) -> None:
    check = Checker({"title": value, "body": value, "tags": [value]})
    check.line("title", most=10)
    check.text("body", most=10)
    assert check.strings("tags", most=5, each=10) == []
    assert fields(check) == {"title", "body"}


@pytest.mark.parametrize("tag", ["a\tb", "a\u202eb", "\x1b[1m", "\u202e"])
def test_a_tag_is_checked_like_a_line(tag: str) -> None:
    check = Checker({"tags": ["fine", tag]})
    check.strings("tags", most=5, each=10)
    assert fields(check) == {"tags"}

from __future__ import annotations

import pytest

from kb.i18n import best_locale, current_locale, gettext, in_locale


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.3,zh-TW;q=0.7", "zh-Hans"),
        ("fr", "default"),
        ("", "default"),
        ("en;q=nonsense", "default"),
    ],
)
def test_the_browsers_languages_in_their_order(header: str, locale: str) -> None:
    assert best_locale(header, "default") == locale


def test_messages_follow_the_locale() -> None:
    with in_locale("zh-Hans"):
        assert current_locale() == "zh-Hans"
        assert gettext("Please sign in first.") != "Please sign in first."
    with in_locale("en"):
        assert gettext("Please sign in first.") == "Please sign in first."

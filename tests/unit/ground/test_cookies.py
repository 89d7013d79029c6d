from __future__ import annotations

import pytest

from kb.gate.authentication import cookies_of


@pytest.mark.parametrize(
    "odd", ['prefs={"x":1}', "b@d=1", "名=值", 'open="quote', "no-sign", "=nameless", "a=b=c", "", '{"y";:2}']
)
def test_another_sites_odd_cookie_takes_nothing_from_ours(odd: str) -> None:
    for header in (
        f"{odd}; kb_session=abc_-",
        f"kb_session=abc_-;{odd}",
        f"kb_seed=s; {odd}; kb_session=abc_-",
    ):
        assert cookies_of(header)["kb_session"] == "abc_-"


def test_what_is_no_cookie_is_none() -> None:
    assert cookies_of("") == cookies_of("; ;") == cookies_of("nothing") == {}

from __future__ import annotations

import pytest

from kb.gate.csrf import is_right, make_token

KEY, SEED = "k" * 40, "seed"


def test_a_token_is_right_for_its_browser_and_session_only() -> None:
    token = make_token(KEY, SEED, "session")
    assert is_right(token, KEY, SEED, "session")
    assert not is_right(token, KEY, SEED, None)
    assert not is_right(token, KEY, SEED, "another session")
    assert not is_right(token, KEY, "another browser", "session")
    assert not is_right(token, "another key", SEED, "session")


def test_no_two_tokens_look_alike() -> None:
    assert len({make_token(KEY, SEED, "session")[:43] for _ in range(50)}) == 50


@pytest.mark.parametrize("token", ["", "x", "===", "退款", "A" * 86, "A" * 5000])
def test_nonsense_is_refused(token: str) -> None:
    assert not is_right(token, KEY, SEED, "session")

"""The board's page: what would go wrong, what is missing by risk, what blocks."""

from __future__ import annotations

from tests.functional.web_handovers.conftest import Shop


def test_the_board_says_what_would_go_wrong(shop: Shop):
    text = shop["manager"].get(f"/handovers/{shop.handover}/board").text
    assert "What would go wrong if Leaver Li left today?" in text
    assert "Nobody could do it: nothing is written, and only Leaver Li has ever done it." in text

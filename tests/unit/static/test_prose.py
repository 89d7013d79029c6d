"""What rendered Markdown carries has its look."""

from __future__ import annotations

import re

import pytest

from kb.markdown import render
from tests.architecture.source import ROOT

CSS = (ROOT / "static/css/prose.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(("rule", "side"), [(":--", "left"), (":-:", "center"), ("--:", "right")])
def test_a_tables_alignment_is_seen(rule: str, side: str):
    html = render(f"| a |\n|{rule}|\n| 1 |\n").html
    assert f"align-{side}" in html
    assert re.search(rf"\.align-{side} {{ text-align: {side};", CSS)


def test_chinese_with_code_in_it_is_not_torn_apart():
    assert "justify;" not in CSS

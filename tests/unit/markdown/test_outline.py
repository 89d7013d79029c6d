from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kb.markdown import render

LINES = st.sampled_from(
    [
        "# 标题",
        "## 标题",
        "### a *b*",
        "#### 😀 x",
        "text 😀",
        "- # in a list",
        "> ## quoted",
        "| a |\n|---|\n| b |",
        "Two\n---",
        "a[^1]",
        "#",
    ]
)


def test_sections_end_where_the_next_of_their_level_or_above_begins() -> None:
    rendered = render(
        "intro\n\n# A\n\na\n\n## B\n\nb\n\n### C\n\nc\n\n## D\n\nd\n\n# E\n\ne[^1]\n\n[^1]: foot"
    )
    sections = {h.text: rendered.text[h.start : h.end] for h in rendered.outline}
    assert sections == {
        "A": "A\na\nB\nb\nC\nc\nD\nd\n",
        "B": "B\nb\nC\nc\n",
        "C": "C\nc\n",
        "D": "D\nd\n",
        "E": "E\ne[1]\n",
    }
    assert [h.level for h in rendered.outline] == [1, 2, 3, 2, 1]


def test_anchors_keep_han_characters_and_are_unique() -> None:
    anchors = [
        h.anchor for h in render("# 退款：审核 流程\n# 退款 审核 流程\n# !!!\n# ???\n# A-2\n# A\n# A").outline
    ]
    assert anchors == ["s-退款-审核-流程", "s-退款-审核-流程-2", "s", "s-2", "s-a-2", "s-a", "s-a-3"]


@given(st.lists(LINES, max_size=12))
def test_headings_stand_where_the_outline_says(lines: list[str]) -> None:
    rendered = render("\n\n".join([*lines, "[^1]: foot 😀"]))
    tags = re.findall(r'<h([1-6]) id="([^"]+)">', rendered.html)
    assert [(str(h.level), h.anchor) for h in rendered.outline] == tags
    assert len({h.anchor for h in rendered.outline}) == len(tags)
    for heading in rendered.outline:
        assert rendered.text[heading.start :].startswith(heading.text)
        assert heading.start == 0 or rendered.text[heading.start - 1] == "\n"
        assert heading.start + len(heading.text) <= heading.end <= len(rendered.text)

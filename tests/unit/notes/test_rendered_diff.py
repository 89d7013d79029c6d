"""Differences of rendered notes, as a reader sees them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown import render
from kb.notes.blocks import BlockKind, blocks_of
from kb.notes.rendered_diff import MOST_BLOCKS, Change, Piece, RenderedDiff, rendered_diff

MARKED = """# 退款 *流程*

先核对**订单**，再 [问主管](https://example.com)。
第二行

1. 甲
   - 乙 `代码`
2. 丙

> 引用
> > 更深

| 平台 | 时间 |
|---|---|
| 淘宝 | 两天 |

```
git pull

make
```

- [ ] 没做
- [x] 做了

脚注[^1]。

[^1]: 注释的话

![图](a.png)
<br>

---
"""
PIECES = st.lists(
    st.sampled_from(["甲", "乙丙", " ", "\n", "\n\n", "# ", "- ", "> ", "1. ", "    x", "`", "```\n",
     "| a | b |\n|---|---|\n| 1 | 2 |\n",
     "**b**", "[l](u)", "<br>", "[^1]", "\n[^1]: f\n", "&amp;", "<", "\\\n"]),
    max_size=20,
).map("".join)  # fmt: skip


def told(diff: RenderedDiff) -> list[str]:
    """Each block as its change and its words: [-removed-]{+added+}."""
    signs = {Piece.SAME: "%s", Piece.INS: "{+%s+}", Piece.DEL: "[-%s-]"}
    return [
        f"{block.change}: " + "".join(signs[piece] % words for piece, words in block.pieces)
        for stretch in diff.stretches
        for block in stretch.blocks
    ]


@given(PIECES)
def test_the_blocks_are_the_canonical_text(source: str):
    made = render(source)
    assert "".join(block.text + "\n" for block in blocks_of(made)) == made.text
    assert [block.text for block in blocks_of(made.text)] == [block.text for block in blocks_of(made)]


def test_blocks_know_how_they_are_set():
    found = [(str(block.kind), block.level, block.text) for block in blocks_of(render(MARKED))]
    assert found[:9] == [
        ("heading", 1, "退款 流程"), ("paragraph", 0, "先核对订单，再 问主管。第二行"),
        ("item", 1, "甲"), ("item", 2, "乙 代码"), ("item", 1, "丙"), ("quote", 1, "引用"), ("quote", 2, "更深"),
        ("row", 0, "平台\t时间"), ("row", 0, "淘宝\t两天"),
    ]  # fmt: skip
    assert [block.text for block in blocks_of(render(MARKED)) if block.kind is BlockKind.CODE] == [
        "git pull",
        "",
        "make",
    ]
    assert "".join(block.text + "\n" for block in blocks_of(render(MARKED))) == render(MARKED).text


def test_words_are_told_within_their_paragraph():
    diff = rendered_diff(
        render("一\n\n退款**两天**内到账。\n\n三"), render("一\n\n退款**三天**内到账。\n\n三")
    )
    assert told(diff) == ["kept: 一", "changed: 退款[-两-]{+三+}天内到账。", "kept: 三"]


def test_marks_of_markdown_are_no_words():
    diff = rendered_diff(render("先核对订单\n\n* 甲"), render("先**核对**订单\n\n- 甲"))
    assert told(diff) == ["restyled: 先核对订单", "kept: 甲"]
    assert rendered_diff(render("甲 *乙*"), render("甲 _乙_")) == RenderedDiff(())


def test_added_and_removed_paragraphs_and_the_gap_between():
    old = "\n\n".join(f"第 {n} 段" for n in range(9))
    new = "新的开头\n\n" + old.replace("\n\n第 8 段", "")
    diff = rendered_diff(render(old), render(new))
    assert told(diff) == ["added: {+新的开头+}", "kept: 第 0 段", "kept: 第 7 段", "removed: [-第 8 段-]"]
    assert [stretch.skipped for stretch in diff.stretches] == [0, 6]
    assert len(told(rendered_diff(render(old), render(new), context=None))) == 10


def test_a_paragraph_that_moved_is_told_so():
    a, b, c = "每周五下午前上报库存给主管", "每周一上午核对退款和换货", "月底前把发票交给财务部"
    diff = rendered_diff(f"{a}\n{b}\n{c}\n", f"{b}\n{c}\n{a}\n")
    assert told(diff) == [
        f"moved_away: [-{a}-]", f"kept: {b}", f"kept: {c}", f"moved: {{+{a}+}}",
    ]  # fmt: skip


@pytest.mark.parametrize("context", [0, 1, None])
@given(old=PIECES, new=PIECES)
def test_without_what_came_it_is_the_old_text_and_without_what_went_the_new(
    context: int | None, old: str, new: str
):
    one, two = render(old), render(new)
    left, right = [b.text for b in blocks_of(one)], [b.text for b in blocks_of(two)]
    at = to = 0
    for stretch in rendered_diff(one, two, context).stretches:
        assert left[at : at + stretch.skipped] == right[to : to + stretch.skipped]
        at, to = at + stretch.skipped, to + stretch.skipped
        for block in stretch.blocks:
            if block.change not in (Change.ADDED, Change.MOVED):
                assert left[at] == "".join(words for piece, words in block.pieces if piece is not Piece.INS)
                at += 1
            if block.change not in (Change.REMOVED, Change.MOVED_AWAY):
                assert right[to] == "".join(words for piece, words in block.pieces if piece is not Piece.DEL)
                to += 1
    assert left[at:] == right[to:]


def test_hostile_texts_are_cut():
    diff = rendered_diff("x\n" * 100_000, "y\n" * 100_000)
    assert sum(len(stretch.blocks) for stretch in diff.stretches) == MOST_BLOCKS
    assert diff.unshown == 200_000 - MOST_BLOCKS


def test_items_carry_their_numbers():
    found = rendered_diff(render("3. one\n4. two\n   - more\n"), render("3. one\n4. two!\n   - more\n"), None)
    shown = [
        (block.marker, block.pieces[0][1].strip()) for stretch in found.stretches for block in stretch.blocks
    ]
    assert shown == [("3.", "one"), ("4.", "two"), ("•", "more")]

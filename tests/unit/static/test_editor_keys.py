"""What the editor's buttons and Enter do to text, run in Chromium as the page runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kb.paths import STATIC

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def editor_page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    source = (
        (STATIC / "js" / "markdown-keys.js")
        .read_text(encoding="utf-8")
        .replace("export function", "function")
    )
    page.add_script_tag(content=source)
    yield page
    page.close()


def applied(page: Page, call: str, marked: str) -> str | None:
    """The text after the edit; | stands for the caret, or two of them for a selection, before and after."""
    start, end = marked.index("|"), marked.rindex("|")
    text = marked.replace("|", "")
    end = end - 1 if end > start else start
    edit: dict[str, Any] | None = page.evaluate(f"([v, s, e]) => {call}", [text, start, end])
    if edit is None:
        return None
    after: str = text[: edit["from"]] + edit["text"] + text[edit["to"] :]
    low, high = edit["select"]
    return after[:low] + "|" + (after[low:high] + "|" if high > low else "") + after[high:]


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("bold", "a |word| b", "a **|word|** b"),
        ("bold", "a **|word|** b", "a |word| b"),
        ("bold", "退款|重要|审核", "退款**|重要|**审核"),
        ("italic", "|", "*|*"),
        ("link", "see |here|", "see [|here|](https://)"),
        ("note", "|", "[[|]]"),
        ("ul", "one\n|two", "one\n- two|"),
        ("ol", "|one\ntwo|", "1. one\n2. two|"),
        ("task", "|- [ ] done", "done|"),
        ("heading", "# |old", "## old|"),
        ("quote", "x\n|y", "x\n> y|"),
    ],
)
def test_toolbar(editor_page: Page, action: str, before: str, after: str) -> None:
    assert applied(editor_page, f"markdownEdit('{action}', v, s, e)", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- one|", "- one\n- |"),
        ("  * one|", "  * one\n  * |"),
        ("9. nine|", "9. nine\n10. |"),
        ("3) three|", "3) three\n4) |"),
        ("- [x] done|", "- [x] done\n- [ ] |"),
        ("- one\n- |", "- one\n|"),
        ("1. 第一|步", "1. 第一\n2. |步"),
    ],
)
def test_enter_in_a_list(editor_page: Page, before: str, after: str) -> None:
    assert applied(editor_page, "continueList(v, s, e)", before) == after


@pytest.mark.parametrize("before", ["plain|", "- a |sel| b", "2026.|", "-no space|"])
def test_enter_elsewhere_is_left_to_the_browser(editor_page: Page, before: str) -> None:
    assert applied(editor_page, "continueList(v, s, e)", before) is None

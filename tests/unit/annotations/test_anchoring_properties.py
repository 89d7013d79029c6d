"""Marks under random edits of random documents, in both scripts, with repeats."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import assume, given
from hypothesis import strategies as st

from kb.annotations.anchoring import Carrier, Mark, Placed, Span, surroundings
from kb.annotations.anchoring.quotes import CONTEXT

WORDS = {
    "en": ["refund", "order", "check", "the stock", "twice", "e\u0301tat", "😀", "in Taobao", "nobody"],
    "zh": ["退款", "订单", "核对", "库存", "两次", "𠮷野家", "😀", "在淘宝", "无人"],
}
ENDS = {"en": ". ", "zh": "。"}
# No document holds these.
NEW_WORDS = {"en": ["zirconium", "quartz", "basalt"], "zh": ["锆石", "石英", "玄武岩"]}


@st.composite
def sentences(draw: st.DrawFn, language: str, words: dict[str, list[str]] = WORDS) -> str:
    chosen = draw(st.lists(st.sampled_from(words[language]), min_size=1, max_size=6, unique=True))
    return (" " if language == "en" else "").join(chosen) + ENDS[language]


@st.composite
def paragraphs(draw: st.DrawFn, language: str) -> str:
    return "".join(draw(st.lists(sentences(language), min_size=1, max_size=3))).rstrip()


@dataclass(frozen=True)
class Marked:
    """A document and one mark in it: paragraph number, and where in the paragraph."""

    language: str
    lines: list[str]
    line: int
    start: int
    end: int

    @property
    def text(self) -> str:
        return written(self.lines)

    @property
    def mark(self) -> Mark:
        before = sum(len(line) + 1 for line in self.lines[: self.line])
        span = Span(before + self.start, before + self.end)
        quote = self.text[span.start : span.end]
        return Mark(quote, *surroundings(self.text, span), span.start, span.end)


def written(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


@st.composite
def documents(draw: st.DrawFn) -> Marked:
    """Some paragraphs, some of them twice or more, one of them marked."""
    language = draw(st.sampled_from(["en", "zh"]))
    kinds = draw(st.lists(paragraphs(language), min_size=1, max_size=4, unique=True))
    lines = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=8))
    line = draw(st.integers(0, len(lines) - 1))
    start = draw(st.integers(0, len(lines[line]) - 1))
    end = draw(st.integers(start + 1, len(lines[line])))
    return Marked(language, lines, line, start, end)


@st.composite
def edits(draw: st.DrawFn, marked: Marked) -> tuple[list[str], int]:
    """The lines after edits outside the marked one, and its new number; all that is new is new to the text."""
    lines, line = list(marked.lines), marked.line
    fresh = sentences(marked.language, NEW_WORDS)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines)))
        kind = draw(st.sampled_from(["insert", "append", "cut in"]))
        if kind == "insert" or at == len(lines):
            lines.insert(at, draw(fresh).rstrip())
            line += at <= line
        elif at != line and kind == "append":
            lines[at] += " " + draw(fresh).rstrip()
        elif at != line:
            cut = draw(st.integers(0, len(lines[at])))
            lines[at] = (lines[at][:cut] + draw(fresh) + lines[at][cut:]).strip()
    return lines, line


def again(mark: Mark, placed: Placed) -> Mark:
    """The mark as it is kept after a save."""
    return Mark(mark.quote, mark.prefix, mark.suffix, placed.start, placed.end)


@given(st.data())
def test_an_edit_outside_the_paragraph_never_moves_a_mark(data: st.DataObject) -> None:
    marked = data.draw(documents())
    lines, line = data.draw(edits(marked))
    start = sum(len(one) + 1 for one in lines[:line]) + marked.start
    placed = Carrier(marked.text, written(lines)).place(marked.mark)
    assert (placed.status, placed.start, placed.end) == (
        "anchored",
        start,
        start + marked.end - marked.start,
    )
    assert placed.exact == marked.mark.quote


@given(st.data())
def test_undoing_an_edit_brings_a_mark_back(data: st.DataObject) -> None:
    marked = data.draw(documents())
    lines = list(marked.lines)
    at = data.draw(st.integers(0, len(lines) - 1))
    kind = data.draw(st.sampled_from(["delete", "replace", "cut in", "empty"]))
    fresh = data.draw(sentences(marked.language, NEW_WORDS)).rstrip()
    between = [place for place in range(len(lines[at]) + 1) if not lines[at][place - 1 : place + 1].isalnum()]
    cut = data.draw(st.sampled_from(between if marked.language == "en" else range(len(lines[at]) + 1)))
    lines[at : at + 1] = {
        "delete": [],
        "replace": [fresh],
        "cut in": [lines[at][:cut] + f" {fresh} " + lines[at][cut:]],
        "empty": [],
    }[kind]
    edited = "" if kind == "empty" else written(lines)
    mark = marked.mark
    # No more is known of a mark that lost its place than what stood around it.
    paragraph = marked.lines[marked.line] + "\n"
    around = (mark.prefix + mark.quote + mark.suffix).strip()
    known = marked.text.find(around) == marked.text.rfind(around)
    assume(mark.quote.strip())
    assume((kind != "empty" and len(paragraph) < CONTEXT) or known)
    placed = Carrier(marked.text, edited).place(mark)
    back = Carrier(edited, marked.text).place(again(mark, placed))
    assert back == Placed("anchored", mark.start, mark.end, mark.quote)


@given(documents(), st.data())
def test_every_place_is_a_passage_of_the_text(marked: Marked, data: st.DataObject) -> None:
    other = data.draw(documents())
    placed = Carrier(marked.text, other.text).place(marked.mark)
    if placed.start is None or placed.end is None:
        assert placed == Placed("orphaned", None, None, None)
    else:
        assert 0 <= placed.start < placed.end <= len(other.text)
        assert placed.exact == other.text[placed.start : placed.end]
        assert placed.status == "changed" or placed.exact.split() == marked.mark.quote.split()


@given(documents())
def test_nothing_changed_leaves_a_mark_where_it_is(marked: Marked) -> None:
    mark = marked.mark
    placed = Carrier(marked.text, marked.text).place(mark)
    assert placed == Placed("anchored", mark.start, mark.end, mark.quote)


@given(st.integers(0, 5), st.text("退款审批甲乙 \n。", max_size=30))
def test_one_han_character_is_held(number: int, added: str) -> None:
    text = "每天九点退款要经理审批。\n大额退款要两级审批。\n"
    start = [at for at, character in enumerate(text) if character in "退款审"][number]
    mark = Mark(text[start], *surroundings(text, Span(start, start + 1)), start, start + 1)
    before = "新的一段先说明😀𠮷。" + added + "。\n"
    placed = Carrier(text, before + text).place(mark)
    assert placed == Placed("anchored", start + len(before), start + len(before) + 1, mark.quote)


@given(documents(), st.data())
def test_paragraphs_deleted_swapped_copied_leave_a_mark_in_its_own_or_without_a_place(
    marked: Marked, data: st.DataObject
) -> None:
    """Where the marked paragraph stands once it is known which it is: no twin of its words may take the mark."""
    own, fresh = marked.lines[marked.line], data.draw(sentences(marked.language, NEW_WORDS)).rstrip()
    kept = [*dict.fromkeys(marked.lines), fresh]
    one = Marked(marked.language, kept, kept.index(own), marked.start, marked.end)
    lines, others = list(kept), [line for line in kept if line != own]
    chosen, at = data.draw(st.sampled_from(others)), data.draw(st.integers(0, len(kept) - 1))
    kind = data.draw(st.sampled_from(["delete", "swap", "copy"]))
    number = lines.index(chosen)
    if kind == "delete":
        del lines[number]
    elif kind == "swap":
        lines[number], lines[at] = lines[at], lines[number]
    else:
        lines.insert(at, chosen)
    placed = Carrier(one.text, written(lines)).place(one.mark)
    start = sum(len(line) + 1 for line in lines[: lines.index(own)]) + one.start
    assert placed.start in (None, start)

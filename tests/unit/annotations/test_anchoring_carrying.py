"""What becomes of marks, example by example."""

from __future__ import annotations

import pytest

from kb.annotations.anchoring import Carrier, Mark, Placed, Span, carry, surroundings


def mark(text: str, quote: str, occurrence: int = 0) -> Mark:
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(quote, start + 1)
    return Mark(quote, *surroundings(text, Span(start, start + len(quote))), start, start + len(quote))


def later(made: Mark, placed: Placed) -> Mark:
    return Mark(made.quote, made.prefix, made.suffix, placed.start, placed.end)


SHOP = "发货\n每天九点核对订单。\n退款\n大额退款要两级审批，由店长确认。\n每天九点核对订单。\n"
MAIL = "Sending\nCheck the orders at nine every day.\nRefunds\nA large refund needs two approvals.\n"

CHANGED = [
    (SHOP, "大额退款要两级审批，由店长确认。", "大额退款要三级审批，由店长确认。"),
    (MAIL, "A large refund needs two approvals.", "A large refund needs three approvals."),
    (MAIL, "Check the orders at nine every day.", "Please check the orders at ten every day."),
]


@pytest.mark.parametrize(("text", "quote", "becomes"), CHANGED)
def test_an_edited_sentence_is_followed_whole_and_back(text: str, quote: str, becomes: str) -> None:
    new = "新的开头。\n" + text.replace(quote, becomes)
    made = mark(text, quote)
    placed = Carrier(text, new).place(made)
    start = new.index(becomes)
    assert placed == Placed("changed", start, start + len(becomes), becomes)
    assert Carrier(new, text).place(later(made, placed)) == Placed("anchored", made.start, made.end, quote)


def test_a_word_exchanged_within_a_known_sentence_is_followed() -> None:
    new = MAIL.replace("two", "three")
    assert Carrier(MAIL, new).place(mark(MAIL, "two")).exact == "three"
    assert Carrier(SHOP, SHOP.replace("两级", "三级")).place(mark(SHOP, "两")).exact == "三"


def test_what_is_gone_is_an_orphan_though_its_twin_stands() -> None:
    new = SHOP.replace(
        "退款\n大额退款要两级审批，由店长确认。\n每天九点核对订单。\n", "盘点\n月底盘点全部库存。\n"
    )
    twin = mark(SHOP, "每天九点核对订单。", 1)
    assert Carrier(SHOP, new).place(twin).status == "orphaned"
    assert Carrier(SHOP, new).place(mark(SHOP, "每天九点核对订单。")).status == "anchored"


def test_an_orphan_comes_back_with_its_words_only_to_what_is_new() -> None:
    made = mark(SHOP, "每天九点核对订单。", 1)
    without = SHOP.removesuffix("每天九点核对订单。\n")
    gone = Carrier(SHOP, without).place(made)
    assert gone == Placed("orphaned", None, None, None)
    longer = without + "新的一段。\n"
    assert Carrier(without, longer).place(later(made, gone)) == gone
    assert Carrier(longer, SHOP).place(later(made, gone)).start == made.start


def test_a_moved_paragraph_takes_its_marks_along() -> None:
    lines = MAIL.splitlines(keepends=True)
    new = "".join(lines[2:] + lines[:2])
    for quote in ("Check the orders at nine every day.", "Sending", "nine"):
        placed = Carrier(MAIL, new).place(mark(MAIL, quote))
        assert (placed.status, placed.start) == ("anchored", new.index(quote))


def test_sentences_joined_and_parted_are_followed() -> None:
    parted = "The owner checks the stock of all shops at nine. He writes down what is missing there.\n"
    joined = "The owner checks the stock of all shops at nine, he writes down what is missing there.\n"
    placed = Carrier(parted, joined).place(mark(parted, "He writes down what is missing there."))
    assert placed.status == "changed"
    assert "writes down what is missing there." in (placed.exact or "")
    assert "owner" not in (placed.exact or "")
    back = Carrier(joined, parted).place(mark(joined, joined.strip()))
    assert (back.status, back.exact) == ("changed", parted.strip())


def test_a_row_put_in_among_rows_alike_moves_no_mark() -> None:
    rows = [f"货品{number}\t已上架\t{number % 3}\t每日核对\n" for number in range(20)]
    text = "".join(rows)
    new = "".join([*rows[:10], "货品99\t已上架\t1\t每日核对\n", *rows[10:]])
    for number in range(20):
        made = mark(text, "每日核对", number)
        placed = Carrier(text, new).place(made)
        assert placed.start == (made.start or 0) + (len(new) - len(text)) * (number >= 10)


def test_a_translated_page_keeps_no_mark() -> None:
    sentences = ("Check the orders at nine every day.", "A large refund needs two approvals.")
    placed = carry(MAIL, SHOP, [mark(MAIL, quote) for quote in sentences])
    assert [one.status for one in placed] == ["orphaned", "orphaned"]


@pytest.mark.parametrize("text", ["甲😀乙e\u0301丙𠮷丁\n", "👩‍👩‍👧 reads 𝒜 and e\u0301.\n"])
def test_positions_are_code_points(text: str) -> None:
    new = "𠮷😀\n" + text
    for start in range(len(text) - 1):
        made = Mark(text[start], *surroundings(text, Span(start, start + 1)), start, start + 1)
        assert Carrier(text, new).place(made) == Placed("anchored", start + 3, start + 4, text[start])


HOSTILE = {
    "equal lines": ("a b c\n" * 60_000, "a b c\n" * 20_000 + "x\n" + "a b c\n" * 30_000 + "y\n"),
    "one line": ("a" * 400_000, "b" + "a" * 400_000),
    "two words": ("a b " * 100_000, "a b a c " * 50_000),
    "lines alike": (
        "".join(f"{'x ' * 450}{number}\n" for number in range(400)),
        "".join(f"{'x ' * 440}{'y ' * 9}{number}\n" for number in range(400)),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end(name: str) -> None:
    old, new = HOSTILE[name]
    marks = [
        Mark(old[at : at + 60], *surroundings(old, Span(at, at + 60)), at, at + 60)
        for at in range(0, 200_000, 2_000)
    ]
    for placed in carry(old, new, marks):
        assert placed.start is None or placed.exact == new[placed.start : placed.end]

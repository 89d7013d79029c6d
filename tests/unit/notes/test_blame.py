"""Who wrote which passage."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.notes.blame import Passage, blame, sentences

TEXTS = st.lists(
    st.sampled_from(
        ["先核对订单。", "再退款！", "\n", " ", "- 甲\n", "Ask first. ", "  \n\n", "3.5 元；", "😀"]
    ),
    max_size=10,
).map("".join)


def told(*texts: str) -> list[tuple[int, str]]:
    """Each passage of the last text with its revision, numbered from 1."""
    found = blame([(number, text) for number, text in enumerate(texts, 1)])
    return [(passage.revision, texts[-1][passage.start : passage.end]) for passage in found]


def test_each_sentence_is_of_the_revision_that_wrote_it():
    first = "先核对订单，再问主管。退款两天内到账。\n\n- 换货要登记"
    second = first.replace("两天", "三天") + "\n- 差价要说明"
    assert told(first, second) == [
        (1, "先核对订单，再问主管。"), (2, "退款三天内到账。"), (1, "- 换货要登记"), (2, "- 差价要说明"),
    ]  # fmt: skip


def test_white_space_makes_nobody_an_author():
    assert told("先核对订单。再退款。\n下一行", "  先核对订单。\n\n再退款。\n\n下一行  ") == [
        (1, "先核对订单。\n\n再退款。\n\n下一行")
    ]
    wrapped = "Ask the shop first, then pay the whole\nsum back to the customer within two days."
    assert told(wrapped, wrapped.replace("\n", " ")) == [(1, wrapped.replace("\n", " "))]
    assert told(wrapped.replace("\n", " "), wrapped) == [(1, wrapped)]


def test_a_line_that_moved_keeps_its_author():
    lines = ["每周五下午前上报库存", "每周一上午核对退款", "换货一律先登记再发"]
    moved = "\n".join([lines[2], "新的一行字", lines[0], lines[1]])
    assert told("\n".join(lines), moved) == [(1, lines[2]), (2, "新的一行字"), (1, f"{lines[0]}\n{lines[1]}")]


def test_what_came_back_is_of_who_wrote_it_first():
    text = "每周五下午前上报库存给主管。"
    assert told(text, "只剩这一句了。", f"{text}\n只剩这一句了。") == [(1, text), (2, "只剩这一句了。")]


def test_a_cut_sentence_stays_and_a_changed_one_does_not():
    assert told("先核对订单再联系客户，然后退款。", "先核对订单再联系客户。\n然后退款。")[-1][0] == 2
    assert told("退款不得超过五百元整。", "退款得超过五百元整。") == [(2, "退款得超过五百元整。")]


def test_an_empty_text_has_no_passages():
    assert blame([]) == [] and blame([(1, "甲"), (2, " \n")]) == []


@given(TEXTS, TEXTS, TEXTS)
def test_every_character_that_is_seen_has_one_author(one: str, two: str, three: str):
    found = blame([(1, one), (4, two), (9, three)])
    covered = [at for passage in found for at in range(passage.start, passage.end)]
    assert len(covered) == len(set(covered)) and covered == sorted(covered)
    left_out = [character for at, character in enumerate(three) if at not in set(covered)]
    assert not "".join(left_out).strip()
    assert {passage.revision for passage in found} <= {1, 4, 9}


@given(TEXTS)
def test_a_text_saved_again_stays_with_its_author(text: str):
    assert {passage.revision for passage in blame([(3, text), (5, text)])} <= {3}
    assert "".join(sentences(text)) == text


def test_many_revisions_of_a_long_note():
    lines = [f"第 {number} 行：先核对订单，再联系客户，最后退款并登记到表里。" for number in range(1200)]
    revisions = []
    for number in range(1, 501):
        lines[(number * 7919) % 1200] += f"第 {number} 次补充的说明文字。"
        lines.insert((number * 31) % 1200, lines.pop((number * 17) % 1200))
        revisions.append((number, "\n".join(lines)))
    found = blame(revisions)
    assert len({passage.revision for passage in found}) > 300
    assert found[-1] == Passage(found[-1].start, len(revisions[-1][1]), found[-1].revision)

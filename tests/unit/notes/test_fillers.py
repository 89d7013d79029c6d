"""Words that say nothing are known in every dress; short words that do say something are left alone."""

from __future__ import annotations

import pytest

from kb.notes.fillers import is_filler


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        "没有",
        "沒有",
        "暂无",
        "已同步",
        "已同步了",
        "都已口头交接过了",
        "当面说过",
        "無特殊情況",
        "同上",
        "见上文",
        "详见上文",
        "参见上面",
        "待补充",
        "不适用",
        "略",
        "n/a",
        "N/A",
        "N.A.",
        "none",
        "None.",
        "(none)",
        "nil",
        "see above",
        "See above.",
        "Ｓｅｅ　Ａｂｏｖｅ",
        "ＴＢＤ",
        "tbd",
        "to do",
        "same as above",
        "-",
        "——",
        "...",
        "?",
        "👍",
        "x",
        "A",
        "xxx",
        "。。。",
        "",
        "  ",
        "\u200b",
        "to\u200bdo",
        "无\n没有",
        "无，已同步",
        "- 无\n- 同上",
        "n/a; see above",
        "无\t无",
    ],
)
def test_a_filler(text: str):
    assert is_filler(text)
    assert is_filler(text, has_attachment=True)


@pytest.mark.parametrize(
    "text",
    [
        "没有例外：所有渠道一样处理",
        "无需审批的订单直接发货",
        "同步库存后再改价",
        "已同步给仓库的单子不能再改",
        "交接班时核对现金",
        "见附件第三页的表",
        "李雷",
        "问王芳",
        "8021",
        "12,500",
        "Lin",
        "none of the orders may be paid twice",
        "see the runbook",
        "ask Li",
        "go",
        "Nobody outside is involved.",
        "无\n但大促期间要问王建国",
        "1. 打开后台",
    ],
)
def test_what_says_something(text: str):
    assert not is_filler(text)


@pytest.mark.parametrize(
    "text", ["见附件", "详见附件。", "請見附件", "附件", "See attached", "see the attachment!"]
)
def test_an_attachment_is_pointed_at_only_where_there_is_one(text: str):
    assert is_filler(text)
    assert not is_filler(text, has_attachment=True)


def test_a_text_made_to_be_slow_is_answered():
    assert not is_filler("请参详见" * 15 + "!")
    assert not is_filler("已都全部均" * 12)


def test_a_long_text_is_none_whatever_it_is_made_of():
    assert not is_filler("tbd" * 200)

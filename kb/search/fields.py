"""Typed filters by the names and values people use: kind:case, 类型：案例, importance:关键, updated:>2026-11-01."""

from __future__ import annotations

import re
from datetime import date


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A filter's value in words of the domain, as the pages call it in either language.
_VALUES: dict[str, dict[str, str]] = {
    "kind": {
        "procedure": "流程", "pitfall": "坑点", "case": "案例",
        "comment": "评论", "question": "提问", "correction": "更正", "highlight": "划重点",
        "account": "账号", "domain": "域名", "vendor": "供应商", "filing": "备案",
        "customer": "客户", "document": "文件", "equipment": "设备",
    },
    "type": {"note": "笔记", "item": "清单项", "annotation": "批注", "register": "登记", "attachment": "附件"},
    "importance": {"critical": "关键", "high": "重要", "normal": "一般", "low": "次要"},
}  # fmt: skip
_SAID = {
    name: {said: one for one in values for said in (one, values[one])} for name, values in _VALUES.items()
}
KINDS = frozenset(_VALUES["kind"])

# What a name may stand for; of two, the one that knows the value. `title` binds words to titles.
_NAMES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _set("kind module tag author type importance handover item updated title")},
    **dict.fromkeys(("类型", "类别", "笔记类型", "批注类型"), ("kind", "type")),
    **dict.fromkeys(("模块",), ("module",)),
    **dict.fromkeys(("标签",), ("tag",)),
    **dict.fromkeys(("作者",), ("author",)),
    **dict.fromkeys(("重要性", "重要程度"), ("importance",)),
    **dict.fromkeys(("交接",), ("handover",)),
    **dict.fromkeys(("清单项",), ("item",)),
    **dict.fromkeys(("更新", "更新时间", "改动", "修改时间"), ("updated",)),
    **dict.fromkeys(("标题",), ("title",)),
}
TITLE, UPDATED = "title", "updated"
_WITH_IDS = _set("handover item")
_ID = re.compile(r"[a-z0-9]{12}")
_DAY = re.compile(r">?=?(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# For an expression over folded text, the longest first.
PATTERN = "|".join(sorted((name for name in _NAMES if TITLE not in _NAMES[name]), key=len, reverse=True))


def meanings(name: str) -> tuple[str, ...]:
    """The filters a typed name may stand for; none if it is no name of a filter."""
    return _NAMES.get(name, ())


def read_field(name: str, value: str) -> tuple[str, str] | None:
    """The filter and its value for what was typed (both folded); None if it must be read as text."""
    for meant in meanings(name):
        if meant in _SAID:
            if value in _SAID[meant]:
                return meant, _SAID[meant][value]
        elif meant == UPDATED:
            day = _day(value)
            return (UPDATED, day) if day else None
        elif value and meant != TITLE and (meant not in _WITH_IDS or _ID.fullmatch(value)):
            return meant, value
    return None


def _day(value: str) -> str | None:
    """The first day that is new enough, as an address has it; None where there is no such day."""
    match = _DAY.fullmatch(value)
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None

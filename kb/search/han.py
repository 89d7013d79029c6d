"""Traditional to simplified Chinese, character by character."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Runs of these scripts carry no spaces, so they are cut into characters and pairs instead of words.
HAN_CLASS = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)


@cache
def simplified() -> dict[str, str]:
    """The table of `traditional.txt`: one traditional character to its one simplified form."""
    text = files("kb.search").joinpath("traditional.txt").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    table: dict[str, str] = {}
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        table.update(zip(upper, lower, strict=True))
    return table

"""Every setting is in the README's table, and the table promises none that is not there."""

from __future__ import annotations

import dataclasses
import re

from kb.config import Settings
from tests.architecture.source import ROOT, sources

ROW = re.compile(r"^\| `(KB_[A-Z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


def table() -> dict[str, tuple[str, str]]:
    """Setting -> default and meaning, from README.md."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return {name: (default, meaning) for name, default, meaning in ROW.findall(text)}


def test_the_table_and_the_settings_are_the_same():
    assert set(table()) == {f"KB_{field.name.upper()}" for field in dataclasses.fields(Settings)}


def test_the_code_reads_no_setting_that_is_not_a_field():
    named = {name for source in sources() for name in re.findall(r"\bKB_[A-Z][A-Z_]*[A-Z]\b", source.text)}
    assert named - set(table()) == set()

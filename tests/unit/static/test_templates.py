"""Templates keep to the Content-Security-Policy, and name only icons that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.paths import STATIC, TEMPLATES

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SOURCES = {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*.html"))}
each_template = pytest.mark.parametrize("path", SOURCES.values(), ids=SOURCES.keys())


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@each_template
def test_no_inline_style_script_or_handler(path: Path) -> None:
    source = JINJA.sub("x", text_of(path))
    assert not re.search(r"<style|\sstyle=|\shx-on|\son[a-z]+=\s*[\"']|javascript:|['\"]js:", source)
    for tag in re.findall(r"<script\b[^>]*>", source):
        assert "src=" in tag or 'type="application/json"' in tag


@each_template
def test_no_trigger_needs_eval(path: Path) -> None:
    for trigger in re.findall(r'hx-trigger="([^"]*)"', text_of(path)):
        assert "[" not in trigger


@each_template
def test_icons_exist(path: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    assert set(re.findall(r'\bicon\("([\w-]+)"', text_of(path))) <= drawn


@each_template
def test_what_is_imported_without_the_request_does_not_speak_of_it(path: Path) -> None:
    """Such a file is made once for each language; who asks must not matter to it."""
    for name, how in re.findall(
        r"\{%-? from \"([\w/.]+)\" import [^%]*?(with context)? *-?%\}", text_of(path)
    ):
        if not how:
            assert not re.search(
                r"\b(csrf_token|identity|locale|theme)\b|with context", text_of(SOURCES[name])
            ), name


def test_the_frame_switches_off_what_the_policy_forbids() -> None:
    base = text_of(SOURCES["base.html"])
    assert '"includeIndicatorCSS": false' in base
    assert "hx-headers:inherited" in base

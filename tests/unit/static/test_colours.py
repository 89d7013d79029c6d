"""Colours: both copies of the dark palette agree, and text is readable on what it stands on (WCAG 2.2 AA)."""

from __future__ import annotations

import re

import pytest

from kb.paths import STATIC

TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")


def palette(selector: str) -> dict[str, str]:
    """Custom properties of the first rule with this selector."""
    body = TOKENS.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))


LIGHT = palette(":root")
DARK = palette(':root[data-theme="dark"]')
GROUNDS = ("--paper", "--sheet", "--sunk", "--hover")
TEXT = [
    (ink, ground)
    for ink in ("--ink", "--ink-2", "--ink-3", "--accent", "--ok", "--warn", "--danger")
    for ground in GROUNDS
]
ON_SOFT = [(f"--{tone}", f"--{tone}-soft") for tone in ("ok", "warn", "danger")] + [
    ("--accent-strong", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--ink", "--accent-soft"),
    *(("--ink", f"--{tone}-soft") for tone in ("ok", "warn", "danger")),
    *(("--ink", mark) for mark in ("--mark", "--mark-question", "--mark-correction", "--mark-plain")),
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2, "relative luminance")."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_dark_palette_is_the_same_by_choice_and_by_system() -> None:
    assert palette(':root:not([data-theme="light"])') == DARK


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT + ON_SOFT)
def test_text_is_readable(colours: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["--paper", "--sheet"])
def test_the_edge_of_a_field_can_be_seen(colours: dict[str, str], ground: str) -> None:
    assert contrast(colours["--field"], colours[ground]) >= 3

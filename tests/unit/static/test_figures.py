"""Icons and initials: what stands in them is escaped, whoever asked for the same words before."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from kb.web.figures import avatar, icon


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon("search") and "aria-label" not in icon("search")
    assert 'role="img" aria-label="take off"' in icon("x", "take off")
    assert 'class="icon only-dark"' in icon("moon", cls="only-dark")


def test_the_same_words_as_html_and_as_text_are_kept_apart():
    assert "<b>" in icon("x", Markup("<b>"))
    assert "<b>" not in icon("x", "<b>") and "&lt;b&gt;" in icon("x", "<b>")
    assert avatar(Markup("<<")) != avatar("<<")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Lin Xiaowen", "LX"),
        ("林晓雯", "晓雯"),
        ("林晓", "晓"),
        ("Bench", "Be"),
        (None, "?"),
        ("<script", "&lt;s"),
    ],
)
def test_initials(name: str | None, letters: str):
    assert avatar(name).unescape() != "" and f">{letters}</span>" in avatar(name)


def test_a_name_keeps_its_colour():
    assert avatar("Lin Xiaowen", "small").replace(" avatar-small", "") == avatar("Lin Xiaowen")

from __future__ import annotations

from pathlib import Path

import kb.signoff
from kb.signoff.glyphs import covered, drawable, visible

FONTS = Path(kb.signoff.__file__).parent / "fonts"


def test_the_fonts_cover_both_languages():
    words = "交接确认书，。：；！？（）《》、“”…—ABCxyz0123456789éüßЖΩ·°€"
    assert [one for one in words if ord(one) not in covered(FONTS)] == []
    assert len(covered(FONTS)) > 25_000


def test_what_they_do_not_cover_is_written_as_its_code_point():
    facts = {"title": "退款 😀 → 𠀀", "notes": ["a\u3000b", 3, None, True]}
    assert drawable(facts, FONTS) == {
        "title": "退款 [U+1F600] → [U+20000]",
        "notes": ["a\u3000b", 3, None, True],
    }


def test_what_nobody_sees_is_left_out():
    assert visible(["a\u200bb\ufeff", {"x": "\u202eabc"}]) == ["ab", {"x": "abc"}]

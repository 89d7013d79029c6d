"""Names of files, kept, cleaned, and put into a header."""

from __future__ import annotations

import unicodedata

import pytest

from kb.attachments.naming import LONGEST, clean_name, disposition
from kb.attachments.schemas import named_in


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("退款流程 (最终版).png", "退款流程 (最终版).png"),
        ("C:\\Users\\Lin\\a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("..", ""),
        (" \u200b ", ""),
        (unicodedata.normalize("NFD", "Übergabe.pdf"), "Übergabe.pdf"),
        ("👩‍👩‍👧.jpg", "👩‍👩‍👧.jpg"),
    ],
)
def test_a_name_is_kept_without_what_deceives(sent: str, kept: str):
    assert clean_name(sent) == kept


def test_a_long_name_keeps_its_ending():
    assert clean_name("长" * 300 + ".xlsx") == "长" * (LONGEST - 5) + ".xlsx"
    assert clean_name("a" * 300) == "a" * LONGEST


def test_a_header_carries_any_name():
    said = disposition("attachment", '退款 "1";%20.png')
    assert said.isascii()
    assert said.startswith(
        "attachment; filename=\"__ _1___20.png\"; filename*=UTF-8''%E9%80%80%E6%AC%BE%20%221"
    )


def test_a_text_names_attachments_by_their_addresses():
    one, other = "0" * 24, "abc123" * 4
    assert named_in(f"![x](/attachments/{one}) [y](/attachments/{other}#a) /attachments/{'1' * 25}") == {
        one,
        other,
    }
    assert named_in("/attachments/short") == set()

from __future__ import annotations

import pytest

from kb.import_export.decoding import text_of, zip_name

CHINESE = "退款审核：先看订单，再看仓库的收货照片。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_chinese_text_is_read_whatever_its_encoding(encoding: str):
    assert text_of(CHINESE.encode(encoding)) == CHINESE


def test_broken_utf8_is_not_taken_for_chinese():
    assert text_of("résumé, naïve, déjà vu".encode("latin-1")) is None
    assert text_of(CHINESE.encode()[:-1] + b"\xff") is None
    assert text_of(bytes(range(128, 256))) is None


def test_plain_text_is_utf8():
    assert text_of(b"plain") == "plain"
    assert text_of(b"") == ""


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("退款/流程.md", "gbk"), ("退款/流程.md", "utf-8"), ("マニュアル/返金の手順.md", "shift_jis")],
)
def test_a_name_without_the_utf8_flag_is_guessed(name: str, encoding: str):
    assert zip_name(name.encode(encoding).decode("cp437"), is_utf8=False) == name


def test_other_names_stay():
    assert zip_name("plain.md", is_utf8=False) == "plain.md"
    assert zip_name("退款.md", is_utf8=True) == "退款.md"
    assert zip_name("café.md", is_utf8=False) == "café.md"

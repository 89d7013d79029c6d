from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import pinyin
from kb.search.han import simplified


@pytest.mark.parametrize(
    ("char", "readings"),
    [("退", ("tui",)), ("女", ("nv",)), ("略", ("lve",)), ("a", ()), ("あ", ())],
)
def test_a_character_has_its_readings(char: str, readings: tuple[str, ...]) -> None:
    assert pinyin.syllables(char) == readings


@pytest.mark.parametrize(
    ("char", "among"), [("行", {"xing", "hang"}), ("重", {"zhong", "chong"}), ("都", {"dou", "du"})]
)
def test_all_main_readings_are_there(char: str, among: set[str]) -> None:
    assert among <= set(pinyin.syllables(char))


def test_every_character_of_the_national_standard_has_a_reading() -> None:
    chars = (
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    )
    silent = [char for char in chars if char and not pinyin.syllables(char)]
    assert silent == []
    assert [
        char for char in simplified().values() if "\u4e00" <= char < "\u9fa6" and not pinyin.syllables(char)
    ] == []


def test_pairs_that_sound_alike_share_a_key() -> None:
    assert set(pinyin.pair_keys("健抗")) & set(pinyin.pair_keys("健康"))
    assert pinyin.pair_keys("退款") == (pinyin.pair_key("tui", "kuan"),)
    assert pinyin.pair_key("yin", "hang") in pinyin.pair_keys("银行")


@pytest.mark.parametrize("pair", ["", "退", "退款单", "ab", "退a", "\U00020000款", "あい"])
def test_what_is_no_pair_of_han_has_no_key(pair: str) -> None:
    assert pinyin.pair_keys(pair) == ()


def test_no_two_pairs_of_syllables_share_a_key() -> None:
    names = {name for code in range(0x4E00, 0x9FA6) for name in pinyin.syllables(chr(code))}
    assert len(names) < pinyin.SHIFT
    assert len({pinyin.pair_key(one, two) for one in names for two in names}) == len(names) ** 2
    assert pinyin.pair_key("hello", "tui") == -1


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("tuikuan", ("tui", "kuan")),
        ("shenpiliucheng", ("shen", "pi", "liu", "cheng")),
        ("xian", ("xian",)),
        ("xi'an", ("xi", "an")),
        ("nvxing", ("nv", "xing")),
        ("nüxing", ("nv", "xing")),
        ("zhanlue", ("zhan", "lve")),
        ("Tuikuan", ("tui", "kuan")),
    ],
)
def test_letters_are_cut_into_the_fewest_syllables(word: str, first: tuple[str, ...]) -> None:
    assert pinyin.split(word)[0] == first


def test_other_ways_to_cut_come_after() -> None:
    assert ("xi", "an") in pinyin.split("xian")
    assert ("lv", "shi") in pinyin.split("lushi"), "a typed ü arrives as u"


@pytest.mark.parametrize("word", ["", "'", "hello", "tuik", "x" * 49, "退款", "a1"])
def test_what_is_no_pinyin_is_not_cut(word: str) -> None:
    assert pinyin.split(word) == []


@given(st.text(alphabet="aeinguxl'hzvü", max_size=60))
def test_ways_to_cut_are_few_and_complete(word: str) -> None:
    ways = pinyin.split(word)
    assert len(ways) <= pinyin.MAX_WAYS
    assert ways == sorted(ways, key=len)
    letters = len(word.replace("'", ""))
    for way in ways:
        assert all(pinyin.pair_key(one, one) >= 0 for one in way)
        assert (
            len("".join(way)) <= letters <= len("".join(way)) + way.count("lv") + way.count("nv") + len(way)
        )

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.analysis import MOST_PLACES, fold, index_terms, stem, width
from kb.search.han import simplified


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＴＢ２０２６", "tb2026"),
        ("審批退貨單", "审批退货单"),
        ("退\u200b款\u202e", "退款"),
        ("Cafe\u0301 Café", "cafe cafe"),
        ("ﬁling", "filing"),
        ("か\u3099が", "がが"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_different_ways_of_writing_fold_to_one(written: str, folded: str) -> None:
    assert fold(written).text == folded


@pytest.mark.parametrize(
    "written", ["前ＡＢ１后", "退\u200b\u200b貨", "e\u0301e\u0301x", "ﬁﬁx", "plain", "\U0001f600退"]
)
def test_every_folded_character_leads_back_to_its_source(written: str) -> None:
    folded = fold(written)
    for i, char in enumerate(folded.text):
        start, end = folded.source(i, i + 1)
        assert char in fold(written[start:end]).text


@given(st.text())
def test_folding_takes_any_text_and_keeps_a_map_in_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


def places(text: str) -> dict[str, list[int]]:
    """Where each term of a text stands, as far as that is kept."""
    terms, _ = index_terms([(text, 2)])
    return {term: use.places.tolist() for term, use in terms.items()}


@given(st.text())
def test_terms_can_be_stored_and_stand_within_the_length(text: str) -> None:
    terms, length = index_terms([(text, 2)])
    assert 0 <= length <= len(fold(text).text)
    for term, use in terms.items():
        assert 0 < len(term.encode()) < 256
        assert use.halves >= 2
        assert use.places.tolist() == sorted(use.places)
        assert not use.places or use.places[-1] < width(text)


def test_a_run_of_han_gives_its_characters_and_pairs_but_none_across_punctuation() -> None:
    assert places("退款审，核") == {"退": [], "款": [], "审": [], "退款": [0], "款审": [1], "核": [3]}


def test_a_single_character_has_a_place_where_a_word_is_beside_it() -> None:
    assert places("双11人员") == {
        "双": [0], "11": [1], "=11": [], "人": [2], "员": [], "人员": [2]
    }  # fmt: skip
    assert places("买个A款")["个"] == [1]


def test_a_word_gives_its_stem_and_itself_and_the_parts_of_a_number() -> None:
    assert places("Refunds TB20261103-0092") == {
        "refund": [0], "=refunds": [], "tb20261103": [1], "=tb20261103": [], "20261103": [1],
        "0092": [2], "=0092": [],
    }  # fmt: skip


def test_no_document_has_more_places_of_a_term_than_can_be_counted() -> None:
    terms, _ = index_terms([("a " * 70_000, 2)])
    assert len(terms["a"].places) == MOST_PLACES


def test_parts_weigh_differently_and_do_not_touch() -> None:
    terms, length = index_terms([("Refunds", 6), ("refund slowly", 2)])
    assert terms["refund"].halves == 8
    assert length == 5
    first, second = terms["refund"].places
    assert second - first > 1


@pytest.mark.parametrize(
    ("word", "root"), [("refunds", "refund"), ("customer's", "custom"), ("don't", "dont"), ("tb1", "tb1")]
)
def test_stems(word: str, root: str) -> None:
    assert stem(word) == root


def test_the_table_of_characters_is_one_to_one_and_final() -> None:
    table = simplified()
    assert table["審"] == "审"
    assert all(len(one) == len(other) == 1 for one, other in table.items())
    assert not set(table) & set(table.values())

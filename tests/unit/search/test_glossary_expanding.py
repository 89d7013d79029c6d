from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.analysis import bigrams, fold, pieces, stem
from kb.search.glossary.book import Glossary
from kb.search.glossary.expanding import MOST_OTHERS, MOST_UNITS, WEIGHT, expand
from kb.search.language import parse
from kb.search.query import Clause, Leaf, Prefix, Query, Run, Sequence, Word

GLOSSARY = Glossary.of(
    [
        ["退款", "refund", "退货退款"],
        ["审批", "approval", "sign-off"],
        ["客服", "customer service", "CS"],
        ["备案", "ICP filing", "ICP备案"],
        ["条款", "terms of service"],
        ["Rückläufer", "returned parcel"],
    ]
)


def others(text: str, glossary: Glossary = GLOSSARY) -> list[list[object]]:
    """What stands beside each clause of a search."""
    query, _said = expand(parse(text), glossary)
    return [[other.leaf for other in clause.others] for clause in query.clauses]


def said(text: str, glossary: Glossary = GLOSSARY) -> tuple[str, ...]:
    return expand(parse(text), glossary)[1]


def test_both_ways_and_across_languages():
    assert others("退款") == [[Word("refund")]]
    assert others("refund") == [[Run("退款"), Run("退货退款")]]
    assert said("refund") == ("退款", "退货退款")


def test_a_synonym_counts_less_than_the_word_as_typed():
    query, _said = expand(parse("refund"), GLOSSARY)
    assert {other.weight for other in query.clauses[0].others} == {WEIGHT}
    assert 0.75 <= WEIGHT < 1


def test_inflected_accented_and_full_width_words_are_the_same_word():
    for text in ("refunds", "Refunding", "ＲＥＦＵＮＤ", "refunded"):
        assert said(text) == ("退款", "退货退款"), text
    assert said("ruckläufer") == ("returned parcel",)
    assert said("退貨退款") == ("退款", "refund")


def test_what_holds_the_word_as_typed_is_found_anyway():
    """退货退款 has 退款 in it, so that looking for it too would only cost."""
    assert Run("退货退款") not in others("退款")[0]
    assert said("filing ICP") == ()


def test_a_term_of_several_words_gives_its_synonyms_to_each_of_them():
    assert others("customer services hours") == [[Run("客服"), Word("cs")], [Run("客服"), Word("cs")], []]
    assert said("customer services hours") == ("客服", "CS")
    assert others("terms of service") == [[Run("条款")], [Run("条款")]]
    assert others("service customer") == [[], []]


def test_a_term_of_both_scripts():
    assert others("ICP备案")[0] == [Run("备案")]
    assert said("ICP备案") == ("ICP filing",)


def test_a_synonym_of_several_words_must_stand_together():
    assert others("客服")[0][0] == Sequence((Word("customer"), Word("service")), strict=True)


def test_a_term_within_a_longer_run_is_said_otherwise_with_the_rest_of_the_run():
    assert others("退款流程")[0] == [Sequence((Word("refund"), Run("流程")), strict=False)]
    assert others("申请退款")[0] == [
        Sequence((Run("申请"), Word("refund")), strict=False),
        Run("申请退货退款"),
    ]
    assert said("申请退款") == ("refund", "退货退款")


def test_several_terms_in_one_run_are_said_otherwise_together_then_one_by_one():
    both = [Sequence((Word("refund"), Word("approval")), strict=False)]
    assert others("退款审批")[0][:1] == both
    assert Sequence((Word("refund"), Run("审批")), strict=False) in others("退款审批")[0]
    assert Sequence((Run("退款"), Word("approval")), strict=False) in others("退款审批")[0]


def test_what_stands_before_a_term_is_not_said_twice():
    glossary = Glossary.of([["宕机", "site down", "网站打不开"]])
    assert others("网站宕机", glossary)[0] == [
        Sequence((Run("网站"), Word("site"), Word("down")), strict=False),
        Run("网站打不开"),
    ]


def test_a_term_of_han_and_figures_is_a_phrase_and_no_number():
    """In 双 11 the 11 alone says nothing: of an order number the figures alone would be looked for."""
    glossary = Glossary.of([["双十一", "双 11"]])
    phrase = (Run("双"), Word("11"))
    assert others("双十一", glossary)[0] == [Sequence(phrase, strict=True)]
    within = Sequence((*phrase, Run("备货")), strict=False)
    assert others("双十一备货", glossary)[0] == [within]
    assert (within.identifies, within.telling) == (False, within.parts)


def test_small_words_of_a_synonym_are_not_marked():
    query, _said = expand(parse("宕机"), Glossary.of([["宕机", "site is down"]]))
    assert query.terms_for_marking().stems == {"site", "down"}
    assert parse('"terms of service"').terms_for_marking().stems == {"term", "of", "servic"}


def test_the_longest_term_in_a_run_counts():
    assert others("退货退款说明")[0] == [
        Run("退款说明"),
        Sequence((Word("refund"), Run("说明")), strict=False),
    ]


def test_quoted_phrases_are_said_otherwise_only_as_a_whole():
    assert others('"customer service"') == [[Run("客服"), Word("cs")]]
    assert others('"退款审批"') == [[]]
    assert others('"customer service hours"') == [[]]
    assert others('customer "service"')[0] == [Run("客服"), Word("cs")]  # one quoted word is a word


def test_in_title_stays_bound():
    query, words = expand(parse("in:title 退款 hours"), GLOSSARY)
    assert [(clause.title, bool(clause.others)) for clause in query.clauses] == [(True, True), (False, False)]
    assert words == ("refund",)
    assert others("in:title customer service") == [[], []]


def test_what_is_left_out_is_left_out_as_it_was_typed():
    query, words = expand(parse("退款 -refund"), GLOSSARY)
    assert query.unwanted == parse("退款 -refund").unwanted
    assert words == ("refund",)
    assert others("-customer service") == [[], []]
    assert others("审核 -退款审批")[1] == []


def test_the_beginning_of_a_word_counts_once_it_is_the_word():
    _query, words = expand(Query("refund", (Clause(Prefix("refund")),)), GLOSSARY)
    assert words == ("退款", "退货退款")
    assert expand(Query("refu", (Clause(Prefix("refu")),)), GLOSSARY)[1] == ()


def test_what_was_typed_is_not_said_again():
    assert said("退款 refund") == ("退货退款",)
    assert said("客服 customer service") == ("CS",)


def test_nothing_to_say_leaves_the_query_as_it_is():
    query = parse('kind:case "return" -x zzqx')
    assert expand(query, GLOSSARY) == (query, ())
    assert expand(parse("refund"), Glossary.of(())) == (parse("refund"), ())


def test_a_word_in_two_groups_has_the_synonyms_of_both():
    glossary = Glossary.of([["refund", "退款"], ["refunds", "Erstattung"]])
    assert said("refund", glossary) == ("退款", "Erstattung")


def test_there_are_limits():
    glossary = Glossary.of([["a1", *(f"w{n}" for n in range(60))], *([f"x{n}", f"y{n}"] for n in range(100))])
    assert len(others("a1", glossary)[0]) == MOST_OTHERS
    every = " ".join(f"x{n}" for n in range(100))
    assert sum(map(len, others(every + " a1", glossary))) <= MOST_UNITS
    long = "".join(chr(0x4E00 + n) for n in range(2000))
    split = Glossary.of([[long[n : n + 2], f"z{n}", f"q{n}"] for n in range(0, 80, 2)])
    assert len(others(long, split)[0]) <= MOST_OTHERS


WORDS = st.text(string.ascii_letters + "é -'退款审批客服物流", min_size=1, max_size=12)


def _leaves(query: Query) -> Iterator[Leaf]:
    for clause in query.clauses:
        yield from (other.leaf for other in clause.others)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=5), max_size=6), st.text(max_size=60), st.data())
def test_any_glossary_and_any_query(groups: list[list[str]], text: str, data: st.DataObject):
    glossary = Glossary.of(groups)
    if groups:
        text += " " + data.draw(st.sampled_from([word for group in groups for word in group]))
    query = parse(text)
    widened, words = expand(query, glossary)
    assert [replace_free(clause) for clause in widened.clauses] == [replace_free(c) for c in query.clauses]
    assert (widened.source, widened.fields) == (query.source, query.fields)
    assert sum(leaf.units for leaf in _leaves(widened)) <= MOST_UNITS
    assert all(len(clause.others) <= MOST_OTHERS for clause in widened.clauses)
    known = {word for group in groups for word in group}
    assert {word.removeprefix("-") for word in words} <= known | {word.removeprefix("-") for word in known}
    assert expand(query, glossary) == (widened, words)


def replace_free(clause: Clause) -> tuple[object, bool, bool]:
    """A clause without what was put to it."""
    return clause.leaf, clause.negated, clause.title


def _terms(text: str) -> set[str]:
    """The index terms of a text."""
    found = [bigrams(piece.text) if piece.han else [stem(piece.text)] for piece in pieces(fold(text).text)]
    return {term for terms in found for term in terms}


@pytest.mark.parametrize("group", [["退款", "refund", "退货退款"], ["客服", "customer service", "CS"]])
def test_every_word_of_a_group_finds_texts_with_any_other(group: list[str]):
    for word in group:
        query, _words = expand(parse(word), GLOSSARY)
        for clause in query.clauses:
            looked_up = [clause.leaf, *(other.leaf for other in clause.others)]
            for text in map(_terms, group):
                assert any(text >= _terms_of(leaf) for leaf in looked_up)


def _terms_of(leaf: Leaf) -> set[str]:
    return set() if isinstance(leaf, Prefix) else {term for term, _at in leaf.steps()}

"""Hostile queries without end, by Hypothesis: pieces of the known kinds repeated, mixed, quoted, joined, cut."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.support.hostile_kinds import BRACKETS, CHARACTERS, COMMON, FIELDS, OPERATORS, PASTED, WILDCARDS

SEPARATORS = (" ", "", "-", ".", " -", '"', " in:title ", "*", "* ", ":", "\n", "，", "\u200b", "/")
WRAPPERS = (
    "{}",
    '"{}"',
    "-{}",
    '-"{}"',
    "in:title {}",
    'in:title "{}"',
    "({})",
    "tag:{}",
    'tag:"{}"',
    "{}*",
    "“{}”",
)


def _pieces(common: Sequence[str]) -> st.SearchStrategy[str]:
    known = (*common, *OPERATORS, *BRACKETS, *WILDCARDS, *FIELDS, *CHARACTERS.values(), *PASTED.values())
    han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40)
    letters = st.text(st.characters(codec="ascii"), max_size=40)
    anything = st.text(st.characters(exclude_categories=()), max_size=40)  # surrogates too
    frequent = st.lists(st.sampled_from(tuple(common)), min_size=1, max_size=8)
    joined = st.builds(lambda words, between: between.join(words), frequent, st.sampled_from(SEPARATORS))
    return st.one_of(st.sampled_from(known), joined, joined, han, letters, anything)


def hostile_queries(common: Sequence[str] = COMMON, longest: int = 5000) -> st.SearchStrategy[str]:
    """Texts of up to so many characters; `common` are words that stand nearly everywhere in the index."""
    piece = _pieces(common)
    wrapped = st.builds(lambda text, wrapper: wrapper.replace("{}", text), piece, st.sampled_from(WRAPPERS))
    flood = st.builds(
        lambda text, between, times: between.join([text] * times),
        wrapped,
        st.sampled_from(SEPARATORS),
        st.integers(1, 2000),
    )
    part = st.one_of(piece, wrapped, flood)
    mixed = st.builds(
        lambda parts, between: between.join(parts),
        st.lists(part, max_size=30),
        st.sampled_from(SEPARATORS),
    )
    return st.one_of(mixed, flood, part).map(lambda text: text[:longest])

"""The blocks of a note that hold words, each with its lines of the source and what is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.markdown.bounds import Budget, TooComplex
from kb.markdown.links import WikiLinks
from kb.markdown.parser import parser
from kb.markdown.sanitise import sanitise
from kb.markdown.text import canonical_text

_LEAVES = {"inline", "fence", "code_block"}


@dataclass(frozen=True)
class Leaf:
    """A paragraph, heading, cell or piece of code: its canonical text, without the newline it ends in.

    lines: from, to (exclusive) in the source, counted from 0; None where the parser does not say.
    """

    text: str
    lines: tuple[int, int] | None
    cell: bool
    code: bool


def leaves(source: str) -> Iterator[Leaf]:
    """In the order of the canonical text; none of a source that is too much to be set."""
    md = parser()
    env: dict[str, object] = {"budget": Budget(), "wikilinks": WikiLinks(lambda _target: "/")}
    try:
        tokens = md.parse(source, env)
    except (TooComplex, RecursionError):
        return
    for index, token in enumerate(tokens):
        if token.type not in _LEAVES:
            continue
        html = str(md.renderer.render([token], md.options, env))
        text = canonical_text(sanitise(html))[0].rstrip("\n")
        lines = (token.map[0], token.map[1]) if token.map else None
        cell = index > 0 and tokens[index - 1].tag in ("td", "th")
        yield Leaf(text, lines, cell, token.type != "inline")

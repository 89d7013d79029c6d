"""What keeps hostile Markdown from costing more than about a second: counted work, never a clock.

A clock would make the same note come out differently on a busy day, and positions in its text with it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Literal

from markdown_it import MarkdownIt, helpers
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

MAX_SOURCE = 2_000_000  # code points
MAX_WORK = 1_500_000  # an ordinary note spends about 0.1 for each character
MAX_OUTPUT = 8_000_000  # characters of addresses and titles, which reference links can repeat without end
MAX_DEPTH = 60  # of elements inside one paragraph; browsers flatten a page at 512
MAX_REPARSE = 6  # images and inline footnotes inside each other are parsed again at each level
PENDING = 2_000


class TooComplex(Exception):
    """The source needs more work, or nests deeper, than any honest note does."""


class Budget:
    """Counts work and repeated output for one rendering; raises TooComplex when either runs out."""

    __slots__ = ("depth", "output", "work")

    def __init__(self) -> None:
        self.work = MAX_WORK
        self.output = MAX_OUTPUT
        self.depth = 0

    def spend(self, units: int) -> None:
        self.work -= units
        if self.work < 0:
            raise TooComplex

    def emit(self, characters: int) -> None:
        self.output -= characters
        if self.output < 0:
            raise TooComplex


def budget_of(env: EnvType) -> Budget:
    """The budget of the rendering that this environment belongs to; a fresh one outside of any."""
    found = env.get("budget")
    if not isinstance(found, Budget):
        found = env["budget"] = Budget()
    return found


class BoundedBlockState(StateBlock):
    """Charges for every block token, so that a table's unwritten cells are not free."""

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        budget_of(self.env).spend(3)
        return super().push(ttype, tag, nesting)


class BoundedBlocks(ParserBlock):
    """The block parser, refusing where the original would silently drop what is nested too deep."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        if state.level >= state.md.options["maxNesting"] and not _blank(state, startLine, endLine):
            raise TooComplex
        super().tokenize(state, startLine, endLine)

    def parse(  # names as in the class it refines
        self,
        src: str,
        md: MarkdownIt,
        env: EnvType,
        outTokens: list[Token],  # noqa: N803
    ) -> list[Token] | None:
        if not src:
            return None
        state = BoundedBlockState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens


def _blank(state: StateBlock, start: int, end: int) -> bool:
    return all(state.isEmpty(line) for line in range(start, min(end, state.lineMax)))


class BoundedInline(ParserInline):
    """The inline parser, charging for each step and keeping the text it gathers short enough to append to."""

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        budget_of(state.env).spend(1)
        super().skipToken(state)

    def tokenize(self, state: StateInline) -> None:
        budget = budget_of(state.env)
        rules = self.ruler.getRules("")
        nesting = state.md.options["maxNesting"]
        while state.pos < state.posMax:
            budget.spend(1)
            if state.level < nesting and any(rule(state, False) for rule in rules):
                continue
            state.pending += state.src[state.pos]
            state.pos += 1
            if len(state.pending) > PENDING and state.pending[-1] != " ":
                state.pushPending()
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        budget = budget_of(env)
        budget.depth += 1
        if budget.depth > MAX_REPARSE:
            raise TooComplex
        found = super().parse(src, md, env, tokens)
        budget.depth -= 1
        budget.spend(len(found))
        if found and max(token.level for token in found) > MAX_DEPTH:
            raise TooComplex
        return found


def _parse_link_label(state: StateInline, start: int, nested: bool = False) -> int:
    end = helpers.parseLinkLabel(state, start, nested)
    budget_of(state.env).spend(max(0, end - start) // 16)  # the label is copied and folded
    return end


def bound(md: MarkdownIt) -> None:
    """Puts the bounded parsers into this instance; its rules must be added afterwards."""
    md.block = BoundedBlocks()
    md.inline = BoundedInline()
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkLabel=_parse_link_label,
        parseLinkDestination=helpers.parseLinkDestination,
        parseLinkTitle=helpers.parseLinkTitle,
    )

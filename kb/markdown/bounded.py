"""The parsers of markdown-it-py made to count their work, and to refuse, not drop, what nests too deep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Literal

from markdown_it import MarkdownIt, helpers
from markdown_it.parser_block import ParserBlock
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from kb.markdown.bounds import MAX_DEPTH, MAX_REPARSE, TooComplex, budget_of

PENDING = 2_000  # characters gathered before they are set down: appending copies them

PLAIN = re.compile(r"[^\n!&*<\[\\\]^_`~]+")
LONG_RUN = re.compile(r"([*_~])\1{100,}")  # read as text: as markers, each of its characters would be a token
BEGINS_WITH = {
    **{"text": "", "newline": "\n", "escape": "\\", "backticks": "`", "strikethrough": "~", "emphasis": "*_"},
    **{"wikilink": "[", "link": "[", "image": "!", "footnote_inline": "^", "footnote_ref": "["},
    **{"autolink": "<", "entity": "&"},
}


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
    """The inline parser: asks only the rules that a character can begin, charges for each step."""

    def __init__(self) -> None:
        super().__init__()
        self._beginning: dict[str, list[RuleFuncInlineType]] = {}

    def starts(self) -> dict[str, list[RuleFuncInlineType]]:
        """The active rules by the character they begin with; fixed at the first use."""
        if not self._beginning:
            active = zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True)
            for name, rule in active:
                for character in BEGINS_WITH[name]:
                    self._beginning.setdefault(character, []).append(rule)
        return self._beginning

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        budget_of(state.env).spend(1)
        start = state.pos
        if start in state.cache:
            state.pos = state.cache[start]
            return
        if plain := PLAIN.match(state.src, start, state.posMax):
            state.pos = plain.end()
        elif state.level < state.md.options["maxNesting"]:
            state.level += 1
            rules = self.starts().get(state.src[start], ())
            if not any(rule(state, True) for rule in rules):
                state.pos += 1
            state.level -= 1
        else:
            state.pos = state.posMax
        state.cache[start] = state.pos

    def tokenize(self, state: StateInline) -> None:
        spend = budget_of(state.env).spend
        starts = self.starts()
        src = state.src
        while state.pos < state.posMax:
            spend(3)
            if taken := PLAIN.match(src, state.pos, state.posMax) or LONG_RUN.match(
                src, state.pos, state.posMax
            ):
                state.pending += taken.group()
                state.pos = taken.end()
            elif not self._ruled(state, starts.get(src[state.pos], ())):
                state.pending += src[state.pos]
                state.pos += 1
            if len(state.pending) > PENDING and state.pending[-1] != " ":
                state.pushPending()
        if state.pending:
            state.pushPending()

    @staticmethod
    def _ruled(state: StateInline, rules: Sequence[RuleFuncInlineType]) -> bool:
        if state.level >= state.md.options["maxNesting"]:
            return False
        return any(rule(state, False) for rule in rules)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        budget = budget_of(env)
        budget.depth += 1
        if budget.depth > MAX_REPARSE:
            raise TooComplex
        found = super().parse(src, md, env, tokens)
        budget.depth -= 1
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

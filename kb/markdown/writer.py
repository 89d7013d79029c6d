"""Tokens to HTML in linear time, with lines of Chinese joined as Chinese is written."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_cjk_friendly import is_cjk


class Writer(RendererHTML):
    """The renderer of markdown-it-py, gathering pieces where the original appends to one long string."""

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        return "".join(self._piece(tokens, index, options, env) for index in range(len(tokens)))

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802
        return self.render(tokens, options, env)

    def _piece(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        if token.type == "inline":
            return self.render(token.children or (), options, env)
        rule = self.rules.get(token.type)
        return rule(tokens, index, options, env) if rule else self.renderToken(tokens, index, options, env)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """No space between lines of Chinese, also across the end of bold text or a link."""
        before = next((t.content for t in reversed(tokens[max(0, idx - 6) : idx]) if t.content), "")
        after = next((t.content for t in tokens[idx + 1 : idx + 7] if t.content), "")
        return "" if is_cjk(before[-1:]) and is_cjk(after[:1]) else "\n"

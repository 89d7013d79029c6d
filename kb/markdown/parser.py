"""The one configuration of the Markdown parser; one instance for each thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, fence
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_cjk_friendly import cjk_friendly, is_cjk
from mdit_py_plugins.footnote import footnote_plugin

from kb.markdown.bounded import bound
from kb.markdown.bounds import budget_of
from kb.markdown.finish import finish
from kb.markdown.inline import use_inline_rules
from kb.markdown.links import allowed, normalised

_local = threading.local()


def parser() -> MarkdownIt:
    """This thread's parser; building one costs a millisecond or two."""
    found: MarkdownIt | None = getattr(_local, "parser", None)
    if found is None:
        found = _local.parser = _build()
    return found


def _build() -> MarkdownIt:
    md = MarkdownIt("zero")
    bound(md)
    md.configure("js-default", {"html": False, "linkify": False})
    md.use(footnote_plugin).use(cjk_friendly)
    use_inline_rules(md)
    # The first rule asked whether a line ends the block above it: counting it counts lines looked at again.
    md.block.ruler.at("fence", _counted_fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.disable(["html_block", "html_inline", "linkify", "text", "replacements", "smartquotes", "text_join"])
    md.core.ruler.push("finish", finish)
    md.normalizeLink = normalised  # type: ignore[method-assign,assignment]
    md.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    md.validateLink = allowed  # type: ignore[method-assign,assignment]
    md.add_render_rule("softbreak", _softbreak)
    return md


def _counted_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    budget_of(state.env).spend(4)
    return fence(state, start, end, silent)


def _softbreak(
    renderer: object, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
) -> str:
    """Lines of Chinese join without a space, also across the end of bold text or a link."""
    before = next((t.content for t in reversed(tokens[max(0, idx - 6) : idx]) if t.content), "")
    after = next((t.content for t in tokens[idx + 1 : idx + 7] if t.content), "")
    return "" if is_cjk(before[-1:]) and is_cjk(after[:1]) else "\n"

"""The one configuration of the Markdown parser; one instance for each thread."""

from __future__ import annotations

import threading

from markdown_it import MarkdownIt
from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.rules_block import StateBlock, fence, table
from mdit_py_cjk_friendly import cjk_friendly
from mdit_py_plugins.footnote import footnote_plugin

from kb.markdown.bounded import bound
from kb.markdown.bounds import budget_of
from kb.markdown.finish import finish
from kb.markdown.inline import use_inline_rules
from kb.markdown.links import allowed, normalised
from kb.markdown.writer import Writer

_local = threading.local()


def parser() -> MarkdownIt:
    """This thread's parser; building one costs a millisecond or two."""
    found: MarkdownIt | None = getattr(_local, "parser", None)
    if found is None:
        found = _local.parser = _build()
    return found


def _build() -> MarkdownIt:
    md = MarkdownIt("zero", renderer_cls=Writer)
    bound(md)
    md.configure("js-default", {"html": False, "linkify": False})
    md.use(footnote_plugin).use(cjk_friendly)
    use_inline_rules(md)
    # The first rules asked whether a line ends the block above it: they count the lines looked at again.
    md.block.ruler.at("table", _counted(table), {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("fence", _counted(fence), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.disable(["html_block", "html_inline", "linkify", "text", "replacements", "smartquotes", "text_join"])
    md.core.ruler.push("finish", finish)
    md.add_render_rule("softbreak", Writer.softbreak)
    md.normalizeLink = normalised  # type: ignore[method-assign,assignment]
    md.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    md.validateLink = allowed  # type: ignore[method-assign,assignment]
    return md


def _counted(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    def counted(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        budget_of(state.env).spend(3)
        return rule(state, start, end, silent)

    return counted

"""Inline rules: those of markdown-it-py that are quadratic, written again; and `[[wiki links]]`."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt, rules_inline
from markdown_it.common.entities import entities
from markdown_it.common.utils import fromCodePoint, isValidEntityCode
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_inline, footnote_ref

from kb.markdown.bounds import budget_of
from kb.markdown.links import allowed, resolution

_ENTITY = re.compile(r"&(?:#(?:x([a-f0-9]{1,6})|([0-9]{1,7}))|([a-z][a-z0-9]{1,31}));", re.IGNORECASE)
_LONGEST_TARGET = 300
_LONGEST_LABEL = 200


def costing(units: int, rule: RuleFuncInlineType) -> RuleFuncInlineType:
    """The rule, charging for being asked at all where it looks far ahead or makes much of what it finds."""

    def charged(state: StateInline, silent: bool) -> bool:
        budget_of(state.env).spend(units)
        return rule(state, silent)

    return charged


def entity(state: StateInline, silent: bool) -> bool:
    """`&name;` and `&#number;`, without copying the rest of the paragraph for each ampersand."""
    if state.src[state.pos] != "&":
        return False
    found = _ENTITY.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    hexadecimal, decimal, name = found.groups()
    if name is not None and name not in entities:
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        token.markup, token.info = found.group(), "entity"
        if name is not None:
            token.content = entities[name]
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            token.content = fromCodePoint(code if isValidEntityCode(code) else 0xFFFD)
    state.pos = found.end()
    return True


def bounded_footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's rule, tried only where a label of sensible length ends."""
    src, pos = state.src, state.pos
    if not src.startswith("[^", pos) or src.find("]", pos + 2, pos + 2 + _LONGEST_LABEL) < 0:
        return False
    return footnote_ref(state, silent)


def wikilink(state: StateInline, silent: bool) -> bool:
    """`[[Title]]` and `[[Title|label]]`; `[[x]](address)` stays an ordinary link."""
    src, start = state.src, state.pos
    if not src.startswith("[[", start):
        return False
    end = src.find("]]", start + 2, min(state.posMax, start + 2 + _LONGEST_TARGET))
    inside = src[start + 2 : end] if end > 0 else ""
    if not inside or any(c in inside for c in "[]\n") or inside[0] == "^" or src.startswith("(", end + 2):
        return False
    target, _, label = inside.partition("|")
    target = target.rstrip("\\").strip()
    if not target:
        return False
    if not silent:
        _push_wikilink(state, target, label.strip() or target)
    state.pos = end + 2
    return True


def _push_wikilink(state: StateInline, target: str, label: str) -> None:
    budget_of(state.env).spend(20)
    href = resolution(state.env, target)
    if href is not None and allowed(href):
        tag, opening = "a", state.push("wikilink_open", "a", 1)
        opening.attrs = {"class": "wikilink", "href": href}
    else:
        tag, opening = "span", state.push("wikilink_open", "span", 1)
        opening.attrs = {"class": "wikilink-missing"}
    state.push("text", "", 0).content = label
    state.push("wikilink_close", tag, -1)


def fragments_join(state: StateInline) -> None:
    """Joins neighbouring texts and sets levels anew after emphasis, in linear time."""
    level = 0
    kept: list[Token] = []
    parts: list[str] = []
    for token in state.tokens:
        if token.nesting < 0:
            level -= 1
        token.level = level
        if token.nesting > 0:
            level += 1
        if token.type == "text" and kept and kept[-1].type == "text":
            parts.append(token.content)
            continue
        if parts:
            kept[-1].content += "".join(parts)
            parts.clear()
        kept.append(token)
    if parts:
        kept[-1].content += "".join(parts)
    state.tokens[:] = kept


def use_inline_rules(md: MarkdownIt) -> None:
    """Puts these rules in the place of the originals; call after the footnote plugin."""
    md.inline.ruler.at("link", costing(4, rules_inline.link))
    md.inline.ruler.at("image", costing(8, rules_inline.image))
    md.inline.ruler.at("emphasis", costing(2, rules_inline.emphasis.tokenize))
    md.inline.ruler.at("strikethrough", costing(2, rules_inline.strikethrough.tokenize))
    md.inline.ruler.at("autolink", costing(10, rules_inline.autolink))
    md.inline.ruler.at("entity", entity)
    md.inline.ruler.at("footnote_inline", costing(6, footnote_inline))
    md.inline.ruler.at("footnote_ref", costing(4, bounded_footnote_ref))
    md.inline.ruler.before("link", "wikilink", wikilink)
    md.inline.ruler2.at("fragments_join", fragments_join)

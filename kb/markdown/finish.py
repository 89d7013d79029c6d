"""Core rules that run over the finished tokens: bare links, joined text, tasks, pictures, link relations."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from kb.markdown.bounds import Budget, budget_of
from kb.markdown.links import EXTERNAL_REL, allowed, bare_links, external, normalised, own_attachment

_TASK = re.compile(r"\[([ xX])\][ \t\n\f\v]")
_MOST_LABEL = 120
_ALIGN = {f"text-align:{side}": f"align-{side}" for side in ("left", "center", "right")}


def finish(state: StateCore) -> None:
    """One pass over all tokens, charging for what they will write."""
    budget = budget_of(state.env)
    lists: list[Token] = []
    for index, token in enumerate(state.tokens):
        if token.type == "inline":
            token.children = _children(token.children or [], budget)
            if index > 1 and state.tokens[index - 2].type == "list_item_open" and lists:
                _task(token, state.tokens[index - 2], lists[-1])
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.tag in ("th", "td") and token.nesting > 0 and token.attrs:
            token.attrs = {"class": _ALIGN[str(token.attrs["style"])]}
        elif token.type == "footnote_anchor":
            budget.spend(5)


def _children(tokens: list[Token], budget: Budget) -> list[Token]:
    """The tokens of one paragraph with addresses linked, texts joined, pictures and links made safe."""
    linked: list[Token] = []
    inside = 0
    for token in tokens:
        if token.type == "text" and not inside:
            found = _linkify(token)
            budget.spend(8 * (len(found) - 1))
            linked.extend(found)
            continue
        if token.tag == "a":
            inside += token.nesting
        if token.type == "image":
            budget.spend(5)
            linked.extend(_picture(token, bool(inside)))
        elif token.type != "text" or token.content:
            linked.append(token)
        if token.type == "footnote_ref":
            budget.spend(5)
    for token in linked:
        if token.attrs:
            budget.emit(sum(len(str(value)) for value in token.attrs.values()))
        if token.tag == "a" and token.nesting > 0 and external(str(token.attrs.get("href", ""))):
            token.attrs["rel"] = EXTERNAL_REL
    return _join(linked)


def _linkify(token: Token) -> list[Token]:
    text, done, pieces = token.content, 0, []
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return [token]
    for start, end, target in bare_links(text):
        if start < done or not allowed(target):
            continue
        pieces.append(_text(text[done:start], token.level))
        pieces.extend(_link({"href": normalised(target)}, text[start:end], token.level))
        done = end
    pieces.append(_text(text[done:], token.level))
    return [piece for piece in pieces if piece.type != "text" or piece.content]


def _picture(token: Token, inside_link: bool) -> list[Token]:
    """Own attachments stay pictures; a remote one becomes a link, so that opening a note tells nobody."""
    src = str(token.attrs.get("src", ""))
    if own_attachment(src):
        token.attrs["loading"] = "lazy"
        return [token]
    alt = _plain(token.children or [])
    if external(src) and not inside_link and not src.startswith("mailto:"):
        return _link({"class": "remote-image", "href": src}, alt.strip() or src, token.level)
    if external(src):
        return _wrap("span", {"class": "remote-image"}, alt.strip() or src, token.level)
    return _wrap("span", {"class": "missing-image"}, alt.strip() or src, token.level)


def _plain(tokens: list[Token]) -> str:
    """What a picture's description reads as; the renderer writes the same for pictures that stay."""
    words = (
        _plain(t.children or []) if t.type == "image" else t.content or " " * (t.tag == "br") for t in tokens
    )
    return "".join(words)


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _link(attrs: dict[str, str | int | float], content: str, level: int) -> list[Token]:
    return _wrap("a", attrs, content, level)


def _wrap(tag: str, attrs: dict[str, str | int | float], content: str, level: int) -> list[Token]:
    return [
        Token("link_open", tag, 1, attrs=attrs, level=level),
        _text(content, level + 1),
        Token("link_close", tag, -1, level=level),
    ]


def _join(tokens: list[Token]) -> list[Token]:
    """Neighbouring texts and escapes as one text each, in linear time."""
    joined: list[Token] = []
    parts: list[str] = []
    for token in tokens:
        if token.type == "text_special":
            token.type = "text"
        if token.type == "text" and joined and joined[-1].type == "text":
            parts.append(token.content)
            continue
        if parts:
            joined[-1].content += "".join(parts)
            parts.clear()
        joined.append(token)
    if parts:
        joined[-1].content += "".join(parts)
    return joined


def _task(inline: Token, item: Token, parent: Token) -> None:
    """`- [ ]` and `- [x]` as a box nobody can tick: the box says what is written, no more."""
    children = inline.children or []
    first = children[0] if children else None
    if first is None or first.type != "text" or not _TASK.match(inline.content):
        return
    if first.content[:1] != "[" or first.content[2:3] != "]":
        return
    box = Token("task_box", "input", 0, attrs={"class": "task-list-item-checkbox", "type": "checkbox"})
    box.attrs["disabled"] = ""
    if first.content[1] != " ":
        box.attrs["checked"] = ""
    first.content = first.content[3:]
    # A box needs a name of its own for people who hear the page: the words that stand beside it.
    words = "".join(child.content for child in children if child.type in ("text", "code_inline"))
    box.attrs["aria-label"] = " ".join(words.split())[:_MOST_LABEL]
    children.insert(0, box)
    item.attrs["class"] = "task-list-item"
    parent.attrs["class"] = "contains-task-list"

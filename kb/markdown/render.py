"""Renders a note: HTML that is safe to show, its canonical text and its outline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from kb.markdown.bounds import MAX_SOURCE, Budget, TooComplex
from kb.markdown.links import LinkResolver, WikiLinks
from kb.markdown.outline import Heading, outline, with_anchors
from kb.markdown.parser import parser
from kb.markdown.sanitise import sanitise
from kb.markdown.text import canonical_text

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NEWLINE = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Rendered:
    """A rendered note; `truncated` says that limits were hit and the source is shown as it was typed."""

    html: str
    text: str
    outline: tuple[Heading, ...]
    truncated: bool


def _unresolved(target: str) -> str | None:
    return None


def render(source: str, resolve: LinkResolver = _unresolved, *, prefix: str = "") -> Rendered:
    """Safe HTML, canonical text and outline; `prefix` (a-z, 0-9) keeps ids of one page apart."""
    source = _clean(source)
    html = _html(source, WikiLinks(resolve), prefix)
    if html is None:
        shown = f'<pre class="source"><code>{escape(source, quote=False)}</code></pre>\n'
        return Rendered(shown, source if source.endswith("\n") else source + "\n", (), truncated=True)
    safe = sanitise(html)
    text, found, body_end = canonical_text(safe)
    headings = outline(found, text, body_end, f"{prefix}-" if prefix else "")
    return Rendered(with_anchors(safe, found, headings), text, headings, truncated=False)


def wiki_links(source: str) -> tuple[str, ...]:
    """Targets of `[[target]]` and `[[target|label]]`, each once, in order, none from code."""
    if "[[" not in source:
        return ()
    links = WikiLinks(_unresolved)
    return () if _parse(_clean(source), links, "") is None else tuple(links.found)


def _clean(source: str) -> str:
    return _NEWLINE.sub("\n", _UNSTORABLE.sub("\ufffd", source))


def _parse(source: str, links: WikiLinks, prefix: str) -> tuple[list[Token], dict[str, object]] | None:
    if len(source) > MAX_SOURCE:
        return None
    env: dict[str, object] = {"budget": Budget(), "wikilinks": links}
    if prefix:
        env["docId"] = prefix
    try:
        return parser().parse(source, env), env
    except (TooComplex, RecursionError):
        return None


def _html(source: str, links: WikiLinks, prefix: str) -> str | None:
    parsed = _parse(source, links, prefix)
    if parsed is None:
        return None
    tokens, env = parsed
    md = parser()
    return str(md.renderer.render(tokens, md.options, env))

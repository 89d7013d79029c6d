"""Which addresses may be linked, which leave the site, and where a bare address in the text ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from markdown_it.utils import EnvType

LinkResolver = Callable[[str], str | None]

SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp"})
EXTERNAL_REL = "noopener noreferrer nofollow"

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_UNSAFE = re.compile(r"[^A-Za-z0-9;/?:@&=+$,\-_.!~*'()#%\[\]]+|%(?![0-9A-Fa-f]{2})")
_ATTACHMENT = re.compile(r"/attachments/[A-Za-z0-9_-][^\s?#\\]*\Z")

# Full-width and CJK punctuation, curly quotes: none of it belongs to an address in running text.
_STOP = r"\s<>\"`|\\^{}\u2018-\u201d\u2026\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_BARE = re.compile(
    rf"(?<![A-Za-z0-9@._/+-])(?:(?:https?|ftp)://|mailto:(?=\S+@)|www\.(?=[a-z0-9-]+\.))[^{_STOP}]+",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_~:-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
    r"(?![A-Za-z0-9-])"
)
_HAN = r"\u2e80-\u2fff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# 打开https://erp.example.com后点击: Han right behind a letter or digit is the sentence going on; behind a
# delimiter, as in /wiki/退款, it is part of the address.
_SENTENCE = re.compile(rf"(?<=[A-Za-z0-9.,:;!?)])[{_HAN}]")
_HOST_END = re.compile(r"[/?#]")


@dataclass
class WikiLinks:
    """The targets met in one rendering, in order, and what each was resolved to."""

    resolve: LinkResolver
    found: dict[str, str | None] = field(default_factory=dict)


def resolution(env: EnvType, target: str) -> str | None:
    """The address for a wiki-link target, asked for once in a rendering."""
    links = env.get("wikilinks")
    if not isinstance(links, WikiLinks):
        return None
    if target not in links.found:
        links.found[target] = links.resolve(target)
    return links.found[target]


def allowed(href: str) -> bool:
    """True for relative addresses and for the few schemes a note may link to."""
    scheme = _SCHEME.match(_INVISIBLE.sub("", unquote(href) if "%" in href else href))
    return scheme is None or scheme.group().lower() in SCHEMES


def normalised(href: str) -> str:
    """The address with what may not stand in one percent-encoded."""
    return _UNSAFE.sub(lambda found: quote(found.group(), safe=""), href)


def external(href: str) -> bool:
    """True when following the address leaves this site."""
    return href.startswith(("//", "/\\", "\\")) or _SCHEME.match(href) is not None


def own_attachment(src: str) -> bool:
    """True for a picture this site serves itself, which alone is loaded with the page."""
    return _ATTACHMENT.match(src) is not None and ".." not in src


def bare_links(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and target of each address written out in a piece of text, in order."""
    lowered = "://" in text or "www." in text.lower() or "mailto:" in text
    spans = [(m.start(), m.start() + _length(m.group())) for m in _BARE.finditer(text)] if lowered else []
    if "@" in text:
        taken = list(spans)
        spans += [m.span() for m in _MAIL.finditer(text) if not _inside(m.start(), taken)]
        spans.sort()
    for start, end in spans:
        target = _target(text[start:end])
        if target is not None:
            yield start, end, target


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _target(url: str) -> str | None:
    head, separator, rest = url.partition("://")
    if separator:
        return url if rest and head else None
    if url.lower().startswith("www."):
        return "http://" + url
    return url if url.lower().startswith("mailto:") else "mailto:" + url


def _length(url: str) -> int:
    """How much of a matched run is the address: not the sentence around it, nor its closing punctuation."""
    if cut := _SENTENCE.search(url):
        url = url[: cut.start()]
    end, surplus = len(url), url.count(")") - url.count("(")
    while end:
        if url[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif url[end - 1] not in "?!.,:;*_~'":
            break
        end -= 1
    return end

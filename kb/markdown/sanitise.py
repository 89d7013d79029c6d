"""The last wall: whatever the renderer wrote, only these elements, attributes, classes and addresses pass."""

from __future__ import annotations

import re

import nh3

from kb.markdown.links import SCHEMES, own_attachment

CLASSES = frozenset(
    {
        *("wikilink", "wikilink-missing", "remote-image", "missing-image", "source"),
        *(
            "footnote-ref",
            "footnote-backref",
            "footnotes",
            "footnotes-sep",
            "footnotes-list",
            "footnote-item",
        ),
        *("contains-task-list", "task-list-item", "task-list-item-checkbox"),
        *("align-left", "align-center", "align-right"),
    }
)
TAGS = frozenset(
    {
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "hr", "br", "blockquote", "pre", "section"),
        *("ul", "ol", "li", "input", "table", "thead", "tbody", "tr", "th", "td"),
        *("a", "code", "em", "img", "s", "span", "strong", "sup"),
    }
)
ATTRIBUTES = {
    "a": {"href", "title", "class", "id", "rel"},
    "code": {"class"},
    "hr": {"class"},
    "img": {"src", "alt", "title", "loading"},
    "input": {"type", "class", "checked", "disabled", "aria-label"},
    "li": {"id", "class"},
    "ol": {"class", "start"},
    "pre": {"class"},
    "section": {"class"},
    "span": {"class"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
    "ul": {"class"},
}
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}\Z")
_FOOTNOTE_ID = re.compile(r"fn(?:ref)?(?:-[a-z0-9-]{1,40}-)?[0-9:]{1,12}\Z")


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [c for c in value.split(" ") if c in CLASSES or (tag == "code" and _LANGUAGE.match(c))]
        return " ".join(kept) or None
    if name == "id":
        return value if _FOOTNOTE_ID.match(value) else None
    if name == "src":
        return value if own_attachment(value) else None
    if name == "type":
        return "checkbox"
    return value


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=_attribute,
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """HTML with nothing in it that acts: normalised, every tag lower-case and every attribute quoted."""
    return _cleaner.clean(html)

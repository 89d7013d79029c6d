"""A mail as pieces of text, once as plain text and once as HTML that any mail program shows; all text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from kb.i18n import current_locale

_FONT = "font-family:system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_BODY = f"margin:0;padding:24px 16px;background:#f6f5f2;color:#22252b;{_FONT};font-size:15px;line-height:1.6"
_SHEET = (
    "max-width:600px;margin:0 auto;padding:24px;background:#ffffff;border:1px solid #e3e0d8;border-radius:8px"
)
_LINK = "color:#1d5fae"
_MUTED = "color:#666b75"


@dataclass(frozen=True)
class Line:
    """A line of a list: what it leads to, and what is said beside it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading that may lead somewhere, a sentence, and lists with titles."""

    title: str
    url: str = ""
    sentence: str = ""
    lists: tuple[tuple[str, tuple[Line, ...]], ...] = ()


@dataclass(frozen=True)
class Letter:
    """A whole mail; `foot` stands small below it, `leave` is the address that ends such mails."""

    subject: str
    greeting: str
    sections: tuple[Section, ...] = ()
    foot: str = ""
    leave: str = field(default="", repr=False)
    leave_text: str = ""


def one_line(text: str) -> str:
    """Without line ends and other control characters, which would break a header or a list."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def as_text(letter: Letter) -> str:
    """The plain text."""
    parts = [letter.greeting]
    for section in letter.sections:
        title = one_line(section.title)
        head = (title, "=" * min(_width(title), 60), section.url, one_line(section.sentence))
        parts.append("\n".join(filter(None, head)))
        parts += [
            "\n".join([*filter(None, [name]), *map(_text_line, lines)]) for name, lines in section.lists
        ]
    foot = [one for one in (letter.foot, letter.leave and letter.leave_text, letter.leave) if one]
    return "\n\n".join([*parts, "-- \n" + "\n".join(foot)]) + "\n"


def _width(text: str) -> int:
    """Han characters are twice as wide."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def _text_line(line: Line) -> str:
    said = "- " + one_line(line.text) + (f" · {one_line(line.note)}" if line.note else "")
    return said + (f"\n  {line.url}" if line.url else "")


def as_html(letter: Letter) -> str:
    """The HTML: styles stand at the elements, as mail programs keep nothing else; nothing is loaded from anywhere."""
    inside = [f"<p>{escape(letter.greeting)}</p>", *map(_html_section, letter.sections)]
    foot = escape(letter.foot)
    if letter.leave:
        foot += f' <a href="{escape(letter.leave)}" style="{_MUTED}">{escape(letter.leave_text)}</a>'
    return (
        f'<!doctype html><html lang="{current_locale()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(letter.subject)}</title></head>'
        f'<body style="{escape(_BODY)}"><div style="{_SHEET}">{"".join(inside)}'
        f'<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #e3e0d8;font-size:13px;{_MUTED}">{foot}</p>'
        "</div></body></html>\n"
    )


def _html_section(section: Section) -> str:
    lists = "".join(_html_list(name, lines) for name, lines in section.lists)
    sentence = f'<p style="margin:0 0 8px">{escape(section.sentence)}</p>' if section.sentence else ""
    title = _linked(section.title, section.url)
    return f'<h2 style="margin:24px 0 4px;font-size:18px;line-height:1.35">{title}</h2>{sentence}{lists}'


def _html_list(name: str, lines: Sequence[Line]) -> str:
    items = "".join(
        f'<li style="margin:0 0 6px">{_linked(line.text, line.url)}'
        + (
            f'<br><span style="font-size:13px;{_MUTED}">{escape(one_line(line.note))}</span>'
            if line.note
            else ""
        )
        + "</li>"
        for line in lines
    )
    title = f'<h3 style="margin:14px 0 4px;font-size:14px;{_MUTED}">{escape(name)}</h3>' if name else ""
    return f'{title}<ul style="margin:0;padding-inline-start:20px">{items}</ul>'


def _linked(text: str, url: str) -> str:
    said = escape(one_line(text))
    return f'<a href="{escape(url)}" style="{_LINK}">{said}</a>' if url else said

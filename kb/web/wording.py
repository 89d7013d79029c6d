"""What is fixed in templates: sentences, icons and addresses of files; put in when a template is compiled, not again
at every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.lexer import (
    TOKEN_LPAREN,
    TOKEN_NAME,
    TOKEN_PIPE,
    TOKEN_RPAREN,
    TOKEN_STRING,
    Token,
    TokenStream,
)

from kb.i18n import catalogue
from kb.web.assets import static_url
from kb.web.figures import icon

_CALL = (TOKEN_NAME, TOKEN_LPAREN, TOKEN_STRING, TOKEN_RPAREN)  # _("…")


class FixedWording(Extension):
    """Puts the translation in the place of `_("…")`, and what they give in that of `icon("…")` and `static("…")`;
    the environment must name its one language as `locale`.

    Sentences with names in them are left to the i18n extension. As there, a translation is HTML, and `%%`
    stands for a percent sign.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        words = catalogue(self.environment.locale)  # type: ignore[attr-defined]
        fixed: dict[str, Callable[[str], str]] = {
            "_": lambda said: words.gettext(said) % {}, "icon": icon, "static": static_url,
        }  # fmt: skip
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            found = tokens[at : at + len(_CALL)]
            make = fixed.get(found[0].value)
            if make and tuple(token.type for token in found) == _CALL:
                line = found[0].lineno
                yield Token(line, TOKEN_STRING, str(make(found[2].value)))
                yield Token(line, TOKEN_PIPE, "|")
                yield Token(line, TOKEN_NAME, "safe")
                at += len(_CALL)
            else:
                yield tokens[at]
                at += 1


class SharedParts(Template):
    """A template of which others import: what they import without their context is the same for all.

    Nobody here gets a template with globals of its own, which Jinja would look for at every import.
    """

    def _get_default_module(self, _context: Any = None) -> TemplateModule:
        return super()._get_default_module()

"""Fixed sentences of templates: translated when a template is compiled, not again at every page."""

from __future__ import annotations

from collections.abc import Iterator

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

_CALL = (TOKEN_NAME, TOKEN_LPAREN, TOKEN_STRING, TOKEN_RPAREN)  # _("…")


class FixedWording(Extension):
    """Puts the translation in the place of `_("…")`; the environment must name its one language as `locale`.

    Sentences with names in them are left to the i18n extension. As there, a translation is HTML, and `%%`
    stands for a percent sign.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        words = catalogue(self.environment.locale)  # type: ignore[attr-defined]
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            found = tokens[at : at + len(_CALL)]
            if tuple(token.type for token in found) == _CALL and found[0].value == "_":
                line = found[0].lineno
                yield Token(line, TOKEN_STRING, words.gettext(found[2].value) % {})
                yield Token(line, TOKEN_PIPE, "|")
                yield Token(line, TOKEN_NAME, "safe")
                at += len(_CALL)
            else:
                yield tokens[at]
                at += 1

"""No secret in the register: it says where one is kept. Nothing in it may stay all the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kb.i18n import _
from kb.notes.guarding import kind_names
from kb.secrets import Secret, find_secrets
from kb.validation import Checker

# What no reference to a vault is without, if it is not a name: a blank, a slash, a hyphen, a word in Han.
_BARE = re.compile(r"[!-,.0-9;-~]+")  # printable ASCII without blank, hyphen, slash, colon
_WORD = re.compile(
    r"(?<![A-Za-z0-9])(?:pass(?:word|wd|phrase|code|wort)|pwd?|psw)(?![A-Za-z0-9])"
    r"(?![ -]?(?:vault|manager|safe|store|book|reset|policy|box))|(?:密码|密碼|口令|授权码)(?![库庫箱本管器重策规卡])",
    re.I,
)
_FREE = frozenset({"name", "location", "contact", "remark", "evidence"})
_BETWEEN = re.compile(r"(?:[\s:：=,，、/>\"'`“”‘’「」–—-]|[(（][^()（）]{0,16}[)）]|is|was|是|为)*\Z", re.I)
_TOKEN = re.compile(r"[!-~]+")
_ENDS = re.compile(r"[\n。；;]|[.!?] ")
FARTHEST = 40  # characters after such a word
# What people call things by: a word and a number (Room301, wms3.0), a number of a contract or device (HT20261121).
_NUMBER = re.compile(r"[A-Z0-9.]+|[0-9]{1,2}[A-Z][a-z]{2}[0-9]{2,4}")  # or a day
_CALLED = re.compile(rf"[A-Za-z&._+]*[A-Za-z][0-9]{{1,4}}(?:\.[0-9]+)*(?:[A-Z][a-z]+)?|{_NUMBER.pattern}")


def refuse_secrets(check: Checker, fields: Mapping[str, Any]) -> None:
    """Add an error to each field that looks like it holds a secret; the words themselves are not repeated."""
    for name, value in fields.items():
        if not isinstance(value, str) or not value:
            continue
        found = (
            find_secrets(value)
            or _bare(name, value)
            or _after_a_word(value)
            or _named(fields.get("name"), name, value)
        )
        if found:
            check.fail(name, _sentence(found))


def _bare(field: str, value: str) -> tuple[Secret, ...]:
    """The whole field is a password; elsewhere than in the reference, only where it is no name or number of a thing."""
    if field == "vault_ref":
        return find_secrets(f"password: {value}") if _BARE.fullmatch(value) else ()
    if field not in _FREE:
        return ()
    return _password(value, _NUMBER if field in ("remark", "evidence") else _CALLED)


def _after_a_word(text: str) -> tuple[Secret, ...]:
    """A password right after a word for one; farther on in the sentence, only what can be nothing else."""
    for word in _WORD.finditer(text):
        tail = text[word.end() : word.end() + 3 * FARTHEST]
        tail = tail[: end.start()] if (end := _ENDS.search(tail)) else tail
        for token in _TOKEN.finditer(tail):
            if token.start() > FARTHEST:
                break
            near = _BETWEEN.match(tail[: token.start()])
            if found := _password(token[0].strip("\"'`()[]<>,:=/"), _NUMBER if near else _CALLED):
                return found
    return ()


def _password(token: str, harmless: re.Pattern[str]) -> tuple[Secret, ...]:
    mixed = re.search("[A-Za-z]", token) and re.search("[0-9]", token)
    if not mixed or not _BARE.fullmatch(token) or harmless.fullmatch(token):
        return ()
    return find_secrets(f"password: {token}")


def _named(name: Any, field: str, value: str) -> tuple[Secret, ...]:
    """The entry is called "… password", and the remark begins with it."""
    if field != "remark" or not isinstance(name, str):
        return ()
    return find_secrets(f"{name}: {value}")


def _sentence(found: tuple[Secret, ...]) -> str:
    names = kind_names()
    what = _(", ").join(dict.fromkeys(names[one.kind] for one in found))
    return _(
        "This looks like a secret (%(what)s). Put it into the company's password vault, and write here only where "
        "it is kept."
    ) % {"what": what}

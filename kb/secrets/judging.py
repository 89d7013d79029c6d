"""Whether a value after a label is a secret: the looser the two are joined, the more it must look like one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.secrets.kinds import SecretKind
from kb.secrets.values import COMMON, Strength, strength

_LOGIN = re.compile(
    r"账号|账户|帐号|帐户|用户名?|使用者|登录名|工号|邮箱|user(?:name)?|login|account|e-?mail|\bid\b", re.I
)
_END = re.compile(r"""[ \t]*(?:\Z|[，。；;,.、)）】」』|/（(<"'`*!！]|[-–—\#][ ]|\\n|</?br)""")
_MEASURE = re.compile(
    r"""[ \t]?(?:[年月日位个次天小时分秒条项字种级段+~～] | (?:or|to)\b
    | (?:char|digit|letter|bit|day|hour|minute|month|year|time|byte|symbol|word) | minimum | max)""",
    re.I | re.X,
)
_ACTION = re.compile(r"(?:忘记|找回|输入|no|without|forgot(?:ten)?|missing|invalid|wrong)[ \t]?\Z", re.I)
_LETTER_OR_SIGN = re.compile("[A-Za-z@#$%^&*!]")
_DIGIT = re.compile("[0-9]")
_PART = re.compile(r"[!-.0-~]{1,100}")


@dataclass(frozen=True)
class Labelled:
    """A label, what joins it to a value, the value, and what stands around them on the line (`before`: and above)."""

    label: str
    kind: SecretKind
    han: bool
    sep: str
    opened: str
    value: str
    quoted: bool
    rest: str
    lead: str
    before: str

    @property
    def loose(self) -> bool:
        """Nothing but space stands between the two, or the border of a cell."""
        return self.sep.strip() in ("", "|", "-", "–", "—")

    @property
    def below(self) -> bool:
        """The value stands on the next line."""
        return "\n" in self.sep


def secret_in(it: Labelled) -> tuple[int, int] | None:
    """Where in value and rest the secret stands, from the beginning of the value; None if there is none."""
    if _ACTION.search(it.lead):
        return None
    if it.loose and not it.lead.endswith("--") and it.opened.endswith(("(", "（")):
        return None
    if _is_secret(it):
        return 0, len(it.value)
    return _second(it) if _LOGIN.search(it.lead[-14:]) and not it.loose else None


def _is_secret(it: Labelled) -> bool:
    how = strength(it.value)
    if how is Strength.NONE or (
        " " in it.value.strip() and not _DIGIT.search(it.value) and "phrase" not in it.label
    ):
        return False
    if not it.quoted and _MEASURE.match(it.rest) and not _LETTER_OR_SIGN.search(it.value):
        return False
    if it.below:
        whole = not it.rest.strip("*` \t") and it.value[0] not in "-*#|>" and not re.search("[:=]", it.value)
        return whole and how >= Strength.MEDIUM and bool(_DIGIT.search(it.value))
    if it.kind is SecretKind.API_KEY:
        return _is_key(it, how)
    if it.loose:
        return _looks_it(it, how)
    if it.kind is SecretKind.ACCESS_CODE:
        return bool(_DIGIT.search(it.value)) and 4 <= len(it.value) <= 40
    if how >= Strength.MEDIUM:
        return it.sep.strip().lower() not in ("is", "was") or bool(re.search("[0-9@#$%^&*!]", it.value))
    return _is_a_word(it)


def _is_a_word(it: Labelled) -> bool:
    """A weak value is a secret where nothing follows it and nothing else can be meant."""
    if len(it.value) < 4 or not (it.quoted or _END.match(it.rest)):
        return False
    if it.value.lower() in COMMON or _DIGIT.search(it.value):
        return True
    if it.sep.strip().lower() in ("is", "was") and not it.quoted:
        return False
    return it.han or it.quoted or bool(_LOGIN.search(it.before)) or len(it.value) >= 20


def _is_key(it: Labelled, how: Strength) -> bool:
    """Keys and tokens are long, and no words."""
    value = it.value
    if how < Strength.MEDIUM or len(value) < (6 if it.han else 8):
        return False
    mixed = bool(_DIGIT.search(value) and re.search("[A-Za-z]", value))
    if it.loose:
        return mixed and len(value) >= 16 and not re.search(r"[()\[\]{}/]", value) and it.rest[:1] != "/"
    return mixed or len(value) >= 20 or (it.han and value.isdecimal())


def _looks_it(it: Labelled, how: Strength) -> bool:
    """No sign between label and value: then the value must look like a secret by itself."""
    cell = "|" in it.sep
    if it.lead.endswith("--") or (it.quoted and it.opened[-1:] in ("'", '"') and _DIGIT.search(it.value)):
        return how >= Strength.MEDIUM
    if it.kind is SecretKind.ACCESS_CODE:
        return it.han and 4 <= len(it.value) <= 12 and bool(_DIGIT.search(it.value) and _END.match(it.rest))
    if how is Strength.STRONG:
        return it.han or cell or bool(_LETTER_OR_SIGN.search(it.value) and re.search("[@#$%^&*!]", it.value))
    if how is not Strength.MEDIUM or not (it.han or cell):
        return False
    shown = re.search("[A-Za-z]", it.value) or (it.value.isdecimal() and len(it.value) >= (4 if cell else 6))
    return bool(shown and (_END.match(it.rest) or it.han))


def _second(it: Labelled) -> tuple[int, int] | None:
    """In `账号/密码：admin/abc123` the second of two."""
    line = it.value + it.rest
    parts = [*_PART.finditer(line[:120])][:2]
    if len(parts) < 2 or parts[0].start():
        return None
    between = line[parts[0].end() : parts[1].start()].strip()
    if between not in ("", "/", ",", "，", "、", "｜"):
        return None
    word = parts[1][0].rstrip(".,;:)`*\"'")
    how = strength(word)
    if how is Strength.STRONG or (between and (how >= Strength.MEDIUM or word.lower() in COMMON)):
        return parts[1].start(), parts[1].start() + len(word)
    return None

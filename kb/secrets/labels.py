"""Values that are secrets by what stands before them: `password: …`, `api_key = …`, 密码：…, 口令是 …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from kb.secrets.judging import Labelled, secret_in
from kb.secrets.kinds import SecretKind
from kb.secrets.values import Strength, strength

FARTHEST = 300  # characters of a line that are looked at after a label
BEFORE = 60  # and before it

_GAP = r"""(?P<gap>["'`*_\]」』】]{0,4} (?:[ \t]?[(（][^()（）\n]{0,24}[)）])? ["'`*_]{0,4})"""
# One line may be left empty between a label and its value.
_NEXT_LINE = r"[ \t]?[:：][*_]{0,3}[ \t]{0,3}\n(?:[ \t]{0,8}\n)?[ \t]{0,8}"
_CELL = r"[ \t]{0,12}\|[ \t]{0,12}"
_OPEN = r"""(?=(?P<open>["'“‘`*_(（「『<\[]{0,4})[!-~])"""

# One set of letters comes first, so that the search passes over all others quickly.
_ENGLISH = re.compile(
    r"""[CKPSTckpst](?i:
    (?P<api>(?: (?<=s)ecret | (?<=t)oken | (?<=k)ey )(?:[ _-]?(?:access[ _-]?)?(?:key|secret|id)){0,2})
    | (?P<code>(?<=p)in(?:[ _-]?code)? | (?<=p)asscode | (?<=c)ode)
    | (?P<word>(?<=p)(?: ass(?:[ _-]?word|wd|[ _-]?phrase|wort)? | wd | sw | w))
    )[0-9]?"""
    + _GAP
    + r"""(?P<sep>
    [ \t]{0,8}(?: := | => | -> | → | ==? | [:：] )[*_`]{0,3}[ \t]{0,8}(?!:)
    | [ \t]{1,3}(?:is|was)[ \t]{1,3}(?:now[ \t]|still[ \t])?
    | [ \t]?[是为][ \t]{0,3} | [ \t][-–—][ \t]
    | """
    + f"{_NEXT_LINE} | {_CELL} | [ \\t]{{1,2}}){_OPEN}",
    re.X,
)
# A name and a password after one label: `login: admin / …`
_PAIR = re.compile(
    r"(?:\b[Cc]red(?:ential)?s?|\b[Ll]ogin|账号|账户|帐号|账密|登录信息)[*`]{0,2}[ \t]?[:：=][*`]{0,2}[ \t]{0,3}"
    r"[`\"]?[!-.0-~]{2,40}[ \t]{0,2}/[ \t]{0,2}(?P<value>[!-.0-~]{6,60})(?![/\w])"
)
# What must stand before words that alone say nothing.
_WHICH = {
    "key": re.compile(
        r"(?:api|access|secret|private|encryption|signing|master|shared|account|deploy|license|app)[ _-]?\Z",
        re.I,
    ),
    "code": re.compile(r"(?:pin|door|access|gate|alarm)[ _-]?\Z", re.I),
}
# Tokens of another kind: places in a list, guards of forms.
_HARMLESS = re.compile(
    r"(?:page|next|search|continuation|cursor|csrf|xsrf|sync|max|min|eos|bos|pad|stop)[ _-]?\Z", re.I
)
_HAN = re.compile(
    r"""(?:
    (?P<code>验证码 | 提取码 | 访问码 | 门禁码 | 安全码 | [Pp][Ii][Nn][ ]?码 | 解压码 | 登录码 | 动态码 | 通行码)
    | (?P<api>授权密钥 | 密钥 | 金钥 | 秘钥 | 私钥 | 密匙 | 令牌 | 激活码)
    | (?P<word>密码 | 口令码? | 授权码)
    )"""
    + _GAP
    + r"""(?P<sep>
    [ \t]{0,3}
    (?:(?:统一|默认|预设|都|均|全部|目前|现在|暂时|还|仍|依旧|就|一般|初始|已经?)?
       (?:是|为|设为|设成|设置[为成]|改[为成回]|换成|更新为|重置[为成]|用的?是?|叫)(?:老的|旧的|原来的|以前的)?)?
    [ \t]{0,3}(?:==?>? | [:：] | -> | →)?[*_`]{0,3}[ \t]{0,8}
    | """
    + f"{_NEXT_LINE} | {_CELL}){_OPEN}",
    re.X,
)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`", "「": "」", "『": "』"}
_RUN = re.compile(r"[!-~]{1,120}")
_BREAK = re.compile(r'<br|</|\]\(|[;&,][A-Za-z_ -]{1,24}=|[;,，][ \t]*\Z|"?,"|\\n|"\}')
_TRAILING = "\"'`*_)]}>,;.:\\"
MOST_LABELS = 10_000  # looked at in one text, in each language


def labelled(text: str) -> Iterator[tuple[SecretKind, int, int]]:
    """Everything that a label says is a secret, and that may be one."""
    for pattern in (_ENGLISH, _HAN):
        for found in islice(pattern.finditer(text), MOST_LABELS):
            span = None if pattern is _ENGLISH and _inside_a_word(text, found) else _value(text, found)
            if span:
                yield _kind(found), *span
    for found in islice(_PAIR.finditer(text), MOST_LABELS):
        value = found["value"].rstrip(_TRAILING)
        if strength(value) >= Strength.MEDIUM and re.search("[0-9]", value) and re.search("[A-Za-z]", value):
            yield SecretKind.PASSWORD, found.start("value"), found.start("value") + len(value)


def column(header: str) -> SecretKind | None:
    """The kind of secret a table's column holds, by its header cell."""
    words = header.strip().strip("*_`").strip() + ": x"
    for pattern in (_ENGLISH, _HAN):
        found = pattern.search(words)
        if found and found.end() == len(words) - 1 and found.start() <= 12:
            return _kind(found)
    return None


def _kind(found: re.Match[str]) -> SecretKind:
    if found["api"]:
        return SecretKind.API_KEY
    return SecretKind.ACCESS_CODE if found["code"] else SecretKind.PASSWORD


def _inside_a_word(text: str, found: re.Match[str]) -> bool:
    """`pass` of bypass, `pin` of spin; but dbPassword, DB_PASS and rootpassword are labels."""
    label = found[0][: found.start("gap") - found.start()].lower()
    before = text[max(0, found.start() - 16) : found.start()]
    if which := _WHICH.get(label[:3] if found["api"] else label):
        return not which.search(before)
    if found["api"] and _HARMLESS.search(before):
        return True
    if not before[-1:].isascii() or not before[-1:].isalpha():
        return False
    camel = before[-1].islower() and text[found.start()].isupper()
    return not camel and not label.startswith(("password", "passwd", "passphrase")) and label[:6] != "secret"


def _value(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Where the secret after a label stands, if there is one."""
    start = found.end() + len(found["open"])
    if found["open"].endswith(("<", "[")) or text[start] in "&|;,)]}>":
        return None
    line = text[start : start + FARTHEST].partition("\n")[0]
    before = text[max(0, found.start() - BEFORE) : found.start()]
    lead = before.rpartition("\n")[2]
    quote = next((_QUOTES[mark] for mark in found["open"] if mark in _QUOTES), "")
    value, quoted = _cut(line, quote, "|" in found["sep"] or lead.lstrip().startswith("|"))
    if not value:
        return None
    span = secret_in(
        Labelled(
            label=found[0][: found.start("gap") - found.start()].lower(),
            kind=_kind(found),
            han=found.re is _HAN,
            sep=found["sep"],
            opened=found["open"],
            value=value,
            quoted=quoted,
            rest=line[len(value) + quoted :],
            lead=lead,
            before=before,
        )
    )
    return (start + span[0], start + span[1]) if span else None


def _cut(line: str, quote: str, in_table: bool) -> tuple[str, bool]:
    """The value at the beginning of a line, and whether it stands in quotes."""
    end = line.find(quote) if quote else -1
    if 0 < end <= 120 and (" " not in line[:end] or quote != "'"):
        return line[:end], True
    run = _RUN.match(line)
    value = run[0] if run else ""
    if in_table:
        value = value.partition("|")[0]
    broken = _BREAK.search(value, 1)
    value = value[: broken.start()] if broken else value
    return value.rstrip(_TRAILING) or value, False

"""Whether a value may be a secret, or only stands for one: a placeholder, a reference to a vault, a word of prose."""

from __future__ import annotations

import re
from enum import IntEnum


class Strength(IntEnum):
    NONE = 0  # a placeholder, a reference, code, a date, …
    WEAK = 1  # a word, or a few digits: a secret only where nothing else can be meant
    MEDIUM = 2  # what people take for passwords
    STRONG = 3  # letters, digits and signs mixed


_MASK = re.compile(r"[*xX.•·●_\-#?=~+/\\|…]*\Z|.*(?:\*\*\*|xxx|XXX|\.\.\.|…|••|●●)")
_TEMPLATE = re.compile(
    r"[<\[].*[>\]]\Z|.*(?:\$\{|\$\(|\{\{|\}\}|\{%|#\{|%\(|<%|%>|<[\w -]+>)"
    r"|[$&]\w+\Z|%\w+%\Z|\$env:|@\w+@\Z|\{[\w.-]*\}\Z|__\w+__\Z|%[a-z]\Z|!\w+\Z|:\w+\Z|'\+|\"\+"
)
_REFERENCE = re.compile(
    r"(?:op|vault|bw|bitwarden|keepass(?:xc)?|1password|pass|ssm|secretsmanager|gcpsm|akv|keyring|env|file|sops|arn"
    r"|aws-sm|secrets?|ref|kubernetes|k8s|lastpass|lpass|doppler|data|ftp|git|s?https?)(?::|\+)"
    r"|(?:os|process|env|secrets?|vars?|settings|config|conf|self|this|app|options?|params?|req|request|data|local"
    r"|module|input|result|resp|response|credentials?|creds|auth|user|account)[.\[(]"
    r"|.*(?:getenv|environ|getpass|\(\)|=>|::|\$\w+\[)",
    re.I,
)
_CODE = re.compile(r"[A-Za-z_][\w.]*\(|[A-Za-z_]\w*(?:(?:\.|->)[A-Za-z_]\w*)+\Z|[A-Za-z_]\w*\[")
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[A-Za-z][\w-]*)+\Z|(?:[\w-]+\.)+(?:com|cn|org|net|io|gov|dev)(?:[:/].*)?\Z"
)
_PATH = re.compile(
    r"(?:~|\.{1,2})?/[^!@#$%^&*]*\Z|[A-Za-z]:\\|(?:[A-Za-z]+[\w.-]*/)+[A-Za-z_.-]*\Z"
    r"|.*\.(?:txt|pem|key|json|ya?ml|env|md|docx?|xlsx?|kdbx?|conf|cfg|ini|toml|html?|php|py|js|ts|rb|go|sql|crt|cer|pub"
    r"|p12|pfx|jks|pdf|png|jpe?g|csv|sh|log|zip|gpg|asc)\Z",
    re.I,
)
_NUMBER = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?\Z|\d{1,2}:\d\d(?::\d\d)?\Z|[vV]?\d+(?:\.\d+)+\w{0,4}\Z|\d+[-~–]\d+\Z"
    r"|[<>]=?\s?\d+|\d+\+?(?:px|s|ms|m|h|d|w|y|kb|mb|gb|[kmg]|min|mins|minutes?|hours?|days?|weeks?|months?|years?"
    r"|chars?|characters?|digits?|bits?|bytes?|times|%|x|th|st|nd|rd|[-–](?:\d+[a-z]+|char\w*|digit|bit|day|hour|minute).*)\Z"
    r"|0x[0-9a-fA-F]{1,6}\Z",
    re.I,
)
_TERM = re.compile(
    r"(?:sha-?\d*|md5|b?crypt|scrypt|pbkdf2|argon2\w*|aes-?\d*(?:-\w+)*|rsa-?\d*|[hrep]s(?:256|384|512)|oauth-?2?(?:\.0)?"
    r"|base-?\d\d|utf-?\d+|http[12]|x\.?509|[2m]fa|t?otp|ed25519|ipv[46]|k8s|1password\d?|u2f|fido2|i18n|ldaps?|iso-?\d+"
    r"|rfc-?\d+|unicode|ascii|latin1|gpt-?\w*|win\d+|office-?365|o365|web3|log4j|mysql\d*|python\d*|java\d*|es\d+)\Z",
    re.I,
)
_SLUG = re.compile(
    r"(?=[^A-Za-z]*[A-Za-z])(?![A-Z][a-z]+[-_.][0-9])(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}|[a-z]|v?\d{1,2})(?:[-_./:+,&](?:[A-Z]?[a-z]+|[A-Z]+|v?\d{1,2}|[a-z]+\d))+\Z"
)
_CHARSET = re.compile(r".*(?:a-z|A-Z|0-9)")
# What names a secret instead of being one, also joined: your_password, DB-PASS, my-secret-token.
_NAMING = re.compile(
    r"(?:[a-z]+[-_ .]?)?(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|api[-_]?key|key|credentials?)s?"
    r"(?:[-_ ]?[a-z]+)?\Z",
    re.I,
)
_EXAMPLE = re.compile(
    r"your|example|placeholder|change-?_?me|change-?it|replace|redact|<|>|insert|dummy|foobar", re.I
)
_SAID = """
    null nil none undefined true false yes no string str text varchar char int integer number bool
    boolean required optional hidden masked removed omitted encrypted hashed salted plain plaintext
    same see ask vault below above here there unknown unchanged expired empty blank todo tbd na any
    both all not the this that it in on at to by with from and or bitwarden keepass keepassxc
    lastpass dashlane onepassword keychain wallet safe excel outlook teams slack wechat dingtalk
    feishu confluence notion jira admin@ login username email reset forgot enabled disabled default
    generated random stored kept changed rotated shared personal protected private public internal
    external valid invalid correct incorrect wrong missing sent received set unset must should may
    can will is are was be has have contact find get use used using must-change never always only
    also please click enter type value object array list file files env environment config variable
    constant literal foo bar baz xxx abc
"""
_USED = """
    admin root guest test qwerty letmein welcome iloveyou sunshine dragon monkey master administrator oracle
    postgres mysql toor passw0rd password1 admin1 abc123 admin123 root123 test123 a1b2c3"""
_WORDS = frozenset(_SAID.split())  # what stands where a secret would, and is none
COMMON = frozenset(_USED.split())  # passwords that are words
_FIRST_KEYS = re.compile(
    r"(?:abcd?|a|test|user|root|admin|neo|my)?_?(?:1234?5?6?7?8?9?0?|[48]|passw0rd[0-9!@]*)", re.I
)
_SIGNS = frozenset("@#$%^&*!+=~?")


def strength(value: str) -> Strength:
    """How much a value looks like a secret that somebody uses."""
    if stands_for_one(value):
        return Strength.NONE
    lower, upper = re.search("[a-z]", value), re.search("[A-Z]", value)
    digit, sign = re.search("[0-9]", value), re.search(r"[^A-Za-z0-9]", value)
    size = len(value)
    if size < 3:
        return Strength.NONE
    if size >= 8 and sum(map(bool, (lower, upper, digit, sign))) >= 3 and digit:
        return Strength.STRONG
    letters = bool(lower or upper)
    if letters and digit:
        return Strength.MEDIUM if size >= 6 or (size >= 5 and sign) else Strength.WEAK
    if digit:
        return Strength.MEDIUM if 4 <= size <= 24 else Strength.NONE
    if sign:
        return Strength.MEDIUM if size >= 6 and _SIGNS & set(value) and letters else Strength.NONE
    turns = len(re.findall("[a-z][A-Z]|[A-Z]{2}[a-z]", value))
    if size >= 8 and turns >= 3:
        return Strength.MEDIUM
    return Strength.NONE if value.isupper() and size <= 6 else Strength.WEAK


def stands_for_one(value: str) -> bool:
    """Whether a value is a placeholder, a reference, code, a word that says something about the secret."""
    if value.lower() in COMMON:
        return False
    if value.lower().strip("-_.") in _WORDS or value.lower() in ("n/a",):
        return True
    shapes = (_MASK, _TEMPLATE, _REFERENCE, _CODE, _ADDRESS, _PATH, _NUMBER, _TERM, _SLUG, _CHARSET, _NAMING)
    return any(shape.match(value) for shape in shapes) or bool(_EXAMPLE.search(value))


def is_throwaway(value: str) -> bool:
    """Whether it is what anybody writes into an example: a word, or the first keys of the keyboard."""
    return bool(value.isalpha() or value.lower() in COMMON or _FIRST_KEYS.fullmatch(value))


def is_masked(token: str) -> bool:
    """Whether the body of a token was crossed out; one that only looks made up has let people in too."""
    return len(set(token)) < 6 or bool(re.search(r"(?i)xxxx|\*\*\*|\.\.\.", token))


def is_filler(token: str) -> bool:
    """Whether the body of an address that has a known shape was only put there to show the shape."""
    return is_masked(token) or bool(
        re.search(r"(?i)example|your|placeholder|redacted|0123456789|abcdefgh|1234567890", token)
    )

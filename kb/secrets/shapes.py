"""Secrets that are known by their own shape, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.secrets.kinds import SecretKind
from kb.secrets.values import Strength, is_filler, is_masked, stands_for_one, strength

Found = tuple[SecretKind, int, int]

# Each begins where no such character stands before it and has fixed beginnings: so no text is walked twice.
_ALONE = r"(?<![A-Za-z0-9_-])"
_CLOUD = re.compile(
    _ALONE + r"(?:(?:AKIA|ASIA)[A-Z2-7]{16}|AIza[\w-]{35}|ya29\.[\w-]{20,500}|GOCSPX-[\w-]{20,60}"
    r"|LTAI[A-Za-z0-9]{12,26}|AKID[A-Za-z0-9]{16,40})(?![A-Za-z0-9])"
    r"|(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{40,120}={0,2})"
)
_SERVICE = re.compile(
    _ALONE
    + r"(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{40,255}|gl(?:pat|dt|rt|cbt|ptt|oas|ft|soat|agent)-[\w.-]{20,255}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{20,255}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}"
    r"|whsec_[A-Za-z0-9+/]{20,100}|sk-(?:proj-|svcacct-|admin-|ant-[a-z0-9]{2,8}-|or-v1-)?[A-Za-z0-9_]{20,255}"
    r"|SG\.[\w-]{16,32}\.[\w-]{30,60}|npm_[A-Za-z0-9]{30,50}|pypi-[A-Za-z0-9_-]{50,255}|hf_[A-Za-z0-9]{30,50}"
    r"|do[opr]_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|[0-9]{8,10}:AA[\w-]{32,36}|hv[sbr]\.[\w-]{24,255}"
    r"|lin_api_[A-Za-z0-9]{30,60}|ntn_[A-Za-z0-9]{30,60}|dapi[0-9a-f]{32}|gl(?:sa|c)_[A-Za-z0-9_=]{30,255}"
    r"|AGE-SECRET-KEY-1[0-9A-Z]{50,70}|SEC[0-9a-f]{64}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|ATATT3[\w=-]{50,255})"
)
_JWT = re.compile(r"(?<![A-Za-z0-9_./-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{16,2000}", re.A)
_HOOK = re.compile(
    r"(?:hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/[0-9]{10,25}/|\.webhook\.office\.com/webhookb2/"
    r"|oapi\.dingtalk\.com/robot/send\?access_token=|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key="
    r"|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/)([\w/@.-]{16,300})",
    re.A,
)
_URL = re.compile(
    r"(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]{0,30})://([^\s/:@\"'<>|]{0,100}):([^\s/@\"'<>|`]{1,200})@(?=[\w\[{$%.-])"
)
_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:"
)
_BLOCK_END = re.compile(
    r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|Private-MAC:[^\n]{0,200}"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{30,}", re.A)
MOST_BLOCK = 20_000  # characters of a key block
_COMMAND = re.compile(
    r"\bmysql(?:dump|admin|import)?\b[^\n|]{0,80}?[ \t]-p[\"']?([^\s\"'`|;]{4,60})"
    r"|\bsshpass[ \t]+-p[ \t]*[\"']?([^\s\"'`]{3,100})|\bredis-cli\b[^\n|]{0,60}?[ \t]-a[ \t]+[\"']?([^\s\"'`]{3,100})"
    r"|\b(?:curl|wget|http)\b[^\n|]{0,80}?[ \t](?:-u|--user)[ =]?[\"']?[^\s:\"'$<{]{1,60}:([^\s\"'`@]{3,100})"
    r"|\b(?:IDENTIFIED[ \t]+BY|[Ii]dentified[ \t]+by)[ \t]+(?i:password[ \t]+)?[\"']([^\s\"']{3,100})[\"']"
    r"|\b[Aa]uthorization\b[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?(?i:Bearer|Basic|Token)[ \t]{1,3}"
    r"([A-Za-z0-9+/=._~-]{12,2000})"
)
_QUOTED, _HEADER = 5, 6  # its groups: SQL's, and HTTP's


def shaped(text: str) -> Iterator[Found]:
    """Everything that is a secret by its shape."""
    yield from _blocks(text)
    for pattern, kind in (
        (_CLOUD, SecretKind.CLOUD_KEY),
        (_SERVICE, SecretKind.SERVICE_TOKEN),
        (_JWT, SecretKind.SIGNED_TOKEN),
    ):
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            if not is_masked(found[group][4:]) and (found[0][:3] != "sk-" or re.search("[0-9]", found[0])):
                yield kind, found.start(group), found.end(group)
    for found in _HOOK.finditer(text):
        if not is_filler(found[1]):
            yield SecretKind.WEBHOOK, found.start(1), found.end(1)
    yield from _logins(text)
    for found in _COMMAND.finditer(text):
        group = found.lastindex or 0
        least = Strength.WEAK if group == _QUOTED else Strength.MEDIUM
        if strength(found[group]) >= least and found[group].lower() not in _NAMES:
            kind = SecretKind.API_KEY if group == _HEADER else SecretKind.PASSWORD
            yield kind, found.start(group), found.end(group)


_NAMES = frozenset(
    {"password", "pass", "passwd", "pwd", "secret", "token", "key", "user", "username", "name", "foo", "bar"}
)


def _blocks(text: str) -> Iterator[Found]:
    done = 0
    for found in _BLOCK.finditer(text):
        if found.start() < done:
            continue
        end = _BLOCK_END.search(text, found.end(), found.end() + MOST_BLOCK)
        done = end.end() if end else min(len(text), found.end() + 200)
        if any(len(set(run[0])) > 8 for run in _BASE64.finditer(text, found.end(), done)):
            yield SecretKind.PRIVATE_KEY, found.start(), done


def _logins(text: str) -> Iterator[Found]:
    """Addresses with a password in them."""
    for found in _URL.finditer(text):
        scheme, _user, password = found.groups()
        if stands_for_one(password) or password.lower() in _NAMES or len(password) < 3:
            continue
        web = scheme.lower() in (
            "http",
            "https",
            "ftp",
            "ftps",
            "sftp",
            "ssh",
            "git",
            "git+https",
            "webdav",
            "davs",
        )
        yield SecretKind.URL_LOGIN if web else SecretKind.CONNECTION, found.start(3), found.end(3)

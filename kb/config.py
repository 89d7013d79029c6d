"""Settings: environment variables KB_…, read once; a bad value is one clear line at start-up."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kb.i18n import LOCALES
from kb.paths import ROOT


class BadSetting(Exception):
    """A KB_… variable has a value nothing can be done with."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed in: `security` is none, starttls or tls."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Everything that can be set; each field is the variable KB_ + its name in capitals."""

    database_url: str
    search_index: Path
    data_dir: Path
    secret_key: str = field(repr=False)
    base_url: str = ""
    default_locale: str = "en"
    time_zone: str = "Asia/Shanghai"
    pool_size: int = 4
    log_level: str = "WARNING"
    max_upload_mb: int = 50
    smtp_url: SmtpServer | None = None  # without it no mail is made
    mail_from: str = ""

    @property
    def mail_links(self) -> str:
        """What the links in mails begin with: nobody asks for a mail, so there is no address it was asked at."""
        return self.base_url or "http://127.0.0.1:8000"

    @property
    def secure_cookies(self) -> bool:
        """Cookies are marked Secure when the public address is https."""
        return self.base_url.startswith("https://")


def _whole(name: str, text: str, low: int, high: int) -> int:
    if text.isdecimal() and low <= int(text) <= high:
        return int(text)
    raise BadSetting(f"{name} must be a whole number from {low} to {high}, not {text!r}")


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text in allowed:
        return text
    raise BadSetting(f"{name} must be one of {', '.join(allowed)}, not {text!r}")


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(f"KB_TIME_ZONE must be an IANA name such as Asia/Shanghai, not {text!r}") from None


def _database_url(text: str) -> str:
    """`postgresql://` and `postgres://` mean psycopg 3, the only PostgreSQL driver here."""
    scheme, sep, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and sep:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and sep:
        return text
    raise BadSetting("KB_DATABASE_URL must begin with sqlite:/// or postgresql://")


def _base_url(text: str) -> str:
    if text and urlsplit(text).scheme not in {"http", "https"}:
        raise BadSetting(f"KB_BASE_URL must begin with http:// or https://, not {text!r}")
    return text.rstrip("/")


def smtp_server(text: str) -> SmtpServer | None:
    """`smtp://user:password@host:port`, with `?starttls`, or `smtps://…`; raises BadSetting without the password."""
    if not text:
        return None
    bad = BadSetting(
        "KB_SMTP_URL must be smtp://USER:PASSWORD@HOST:PORT, with ?starttls at the end if the server wants that,"
        " or smtps://USER:PASSWORD@HOST:PORT"
    )
    try:
        parts = urlsplit(text)
        port, options = parts.port, {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        raise bad from None
    tls = parts.scheme == "smtps"
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or parts.path not in {"", "/"}
        or port == 0
    ):
        raise bad
    if options - {"starttls"} or (tls and options) or not text.isprintable():
        raise bad
    security = "tls" if tls else "starttls" if options else "none"
    usual = {"tls": 465, "starttls": 587, "none": 25}[security]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or usual, security, user, password)


def _mail_from(text: str, base_url: str) -> str:
    """Without one: `handover@` and the host of the public address."""
    name, address = parseaddr(text)
    if text and (not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not text.isprintable()):
        raise BadSetting(
            f"KB_MAIL_FROM must be an address such as handover@example.com or Handover <handover@example.com>,"
            f" not {text!r}"
        )
    host = urlsplit(base_url).hostname or "localhost"
    return formataddr((name, address)) if text else f"handover@{host}"


def _kept_secret(data_dir: Path) -> str:
    """The generated key lies beside the data, readable by its owner only, and is kept between starts."""
    path = data_dir / "secret.key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:  # another process was first
        pass
    return path.read_text(encoding="ascii").strip()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read KB_… from the environment; raises BadSetting with one line for a person."""
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("KB_DATA_DIR") or ROOT / ".data").absolute()
    key = env.get("KB_SECRET_KEY", "")
    if key and len(key) < 32:
        raise BadSetting("KB_SECRET_KEY must have at least 32 characters")
    try:
        secret = key or _kept_secret(data_dir)
    except OSError as error:
        raise BadSetting(f"KB_DATA_DIR cannot be written: {error}") from None
    base_url = _base_url(env.get("KB_BASE_URL", ""))
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    return Settings(
        database_url=_database_url(env.get("KB_DATABASE_URL") or f"sqlite:///{data_dir / 'kb.sqlite3'}"),
        search_index=Path(env.get("KB_SEARCH_INDEX") or ROOT / "search_index").absolute(),
        data_dir=data_dir,
        secret_key=secret,
        base_url=base_url,
        default_locale=_one_of("KB_DEFAULT_LOCALE", env.get("KB_DEFAULT_LOCALE") or "en", LOCALES),
        time_zone=_zone(env.get("KB_TIME_ZONE") or "Asia/Shanghai"),
        pool_size=_whole("KB_POOL_SIZE", env.get("KB_POOL_SIZE") or "4", 1, 100),
        log_level=_one_of("KB_LOG_LEVEL", env.get("KB_LOG_LEVEL") or "WARNING", levels),
        max_upload_mb=_whole("KB_MAX_UPLOAD_MB", env.get("KB_MAX_UPLOAD_MB") or "50", 1, 4096),
        smtp_url=smtp_server(env.get("KB_SMTP_URL", "").strip()),
        mail_from=_mail_from(env.get("KB_MAIL_FROM", "").strip(), base_url),
    )

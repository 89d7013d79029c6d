"""What is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SecretKind(StrEnum):
    PRIVATE_KEY = "private_key"  # a block of PEM, OpenSSH, PGP or PuTTY
    CLOUD_KEY = "cloud_key"  # of Amazon, Google, Microsoft, Alibaba, Tencent
    SERVICE_TOKEN = "service_token"  # noqa: S105 - of a service that marks its tokens: ghp_…, xoxb-…
    SIGNED_TOKEN = "signed_token"  # noqa: S105 - a JSON web token
    WEBHOOK = "webhook"  # an address that lets everybody post
    CONNECTION = "connection"  # a connection string with a password
    URL_LOGIN = "url_login"  # https://name:password@…
    PASSWORD = "password"  # noqa: S105 - by what stands before it
    API_KEY = "api_key"  # likewise: a key, token or secret
    ACCESS_CODE = "access_code"  # likewise: a PIN, a door code, a share's extraction code


@dataclass(frozen=True)
class Secret:
    """One finding: its line (from 1), its kind, and where it stands in code points, end exclusive; never its text."""

    line: int
    kind: SecretKind
    start: int
    end: int

"""People looking at pages: cookies and forms as a browser keeps them, without a browser."""

from __future__ import annotations

import re
import time
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from kb.search.indexer import Indexer

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PATIENCE = 30.0  # seconds until the index counts as stuck


class Visitor:
    """One person's browser; several may share the client of a test."""

    def __init__(
        self, client: TestClient[Litestar], cookies: dict[str, str] | None = None, language: str = "en"
    ) -> None:
        self._client = client
        self.cookies = dict(cookies or {})
        self.language = language
        self.token = ""

    def get(self, path: str, *, fragment: bool = False, **params: Any) -> Response:
        """A page, or the piece of it that scripts ask for."""
        more = {"hx-request": "true"} if fragment else {}
        return self._asked("GET", path, headers=more, params=params or None)

    def send(self, path: str, fields: dict[str, Any] | None = None) -> Response:
        """A form, with the token of the last page seen."""
        if not self.token:
            self.get("/help")
            self.get("/sign-in")
        body = urlencode({"csrf_token": self.token, **(fields or {})}, doseq=True)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._asked("POST", path, headers=headers, content=body)

    def upload(self, path: str, name: str, content: bytes) -> Response:
        """A form with one file, the token before it as in every form."""
        if not self.token:
            self.get("/help")
        return self._asked(
            "POST", path, headers={}, data={"csrf_token": self.token}, files={"file": (name, content)}
        )

    def sign_in(self, email: str, password: str, **fields: str) -> Response:
        """Open the form and send it."""
        self.get("/sign-in")
        return self.send("/sign-in", {"email": email, "password": password, **fields})

    def _asked(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Response:
        self._client.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"accept-language": self.language, **({"cookie": cookie} if cookie else {}), **headers}
        answer: Response = self._client.request(method, path, headers=sent, **more)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        found = TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer


def words(answer: Response) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"</?(mark|bdi)>", "", answer.text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def indexed(client: TestClient[Litestar]) -> None:
    """Wait until everything committed so far is in the index."""
    indexer: Indexer = client.app.state["indexer"]
    deadline = time.monotonic() + PATIENCE
    while (status := indexer.status()).pending or status.state != "ready":
        assert time.monotonic() < deadline, status
        time.sleep(0.02)

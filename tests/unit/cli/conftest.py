"""Commands as people give them: words in; status, output and errors out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from kb.cli import main
from kb.config import Settings
from kb.db import Database
from kb.i18n import set_locale


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    status: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def kb(
    settings: Settings,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Command:
    """Run a command against this test's database; `stdin` is what is piped into it."""
    monkeypatch.setenv("KB_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KB_SEARCH_INDEX", str(settings.search_index))
    monkeypatch.setenv("KB_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("KB_SECRET_KEY", settings.secret_key)

    def run(*words: str, stdin: str = "") -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            status = main(list(words))
        finally:
            set_locale("en")
        return Answer(status, *capfd.readouterr())

    return run

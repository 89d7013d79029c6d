"""Statuses, one-line failures, help, languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.cli.root import root
from tests.unit.cli.conftest import Command

# Nothing here depends on the kind of database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COMMANDS = ("demo", "serve", "test", "db", "user", "token", "search", "index", "import", "export", "verify")


def paths(group=root, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [above]
    for name, command in group.commands.items():
        below = (*above, name)
        found += paths(command, below) if hasattr(command, "commands") else [below]
    return found


@pytest.mark.parametrize("words", [words for words in paths() if words != ("test",)], ids=" ".join)
def test_every_command_explains_itself(kb: Command, words: tuple[str, ...]):
    answer = kb(*words, "--help")
    assert (answer.status, answer.err) == (0, "")
    assert "Usage: kb" in answer.out


def test_the_help_names_every_command(kb: Command):
    assert set(root.commands) == set(COMMANDS)
    out = kb("--help").out
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("user", "create"),
        ("user", "create", "a@b.c"),
        ("serve", "--port", "x"),
        ("search", "q"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_status_2_in_one_line(kb: Command, words: tuple[str, ...]):
    answer = kb(*words)
    assert (answer.status, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.endswith("--help\n")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KB_DATABASE_URL", "mysql://x", "KB_DATABASE_URL must begin with"),
        ("KB_DATABASE_URL", "postgresql://127.0.0.1:1/x", "The database does not answer"),
        ("KB_DATABASE_URL", "sqlite:////proc/no/such/place.sqlite3", "/proc/no"),
        ("KB_POOL_SIZE", "many", "KB_POOL_SIZE must be a whole number"),
        ("KB_DEFAULT_LOCALE", "fr", "KB_DEFAULT_LOCALE must be one of"),
    ],
)
def test_bad_settings_are_one_line(
    kb: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
):
    monkeypatch.setenv(name, value)
    answer = kb("user", "list")
    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert said in answer.err


def test_a_file_that_is_no_database_is_one_line(kb: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "bad.sqlite3").write_bytes(b"not a database" * 1000)
    monkeypatch.setenv("KB_DATABASE_URL", f"sqlite:///{tmp_path / 'bad.sqlite3'}")
    answer = kb("user", "list")
    assert (answer.status, answer.err) == (1, "kb: The database refused: file is not a database\n")


def test_what_nobody_expected_is_one_line_too(kb: Command, monkeypatch: pytest.MonkeyPatch):
    def broken() -> None:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("kb.cli.people.settings_of_command", broken)
    answer = kb("user", "list")
    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "ZeroDivisionError: of all things" in answer.err
    monkeypatch.setenv("KB_LOG_LEVEL", "DEBUG")
    with pytest.raises(ZeroDivisionError):
        kb("user", "list")

"""The first start: `.venv` is built once from the lock, and a set-up that broke off is begun again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kb import bootstrap, environment
from kb.environment import DEV_LOCK, RUN_LOCK

ROOT = Path(__file__).resolve().parents[2]
CLI = "import sys\n\ndef main(words):\n    print('answered from', sys.prefix, *words)\n    return 0\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs no package at all, so that setting it up asks no registry."""
    root = tmp_path / "checkout"
    (root / "kb").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "bootstrap.py", "environment.py", "testing.py"):
        shutil.copy(ROOT / "kb" / name, root / "kb" / name)
    (root / "kb" / "cli.py").write_text(CLI, encoding="utf-8")
    for lock in (RUN_LOCK, DEV_LOCK):
        (root / lock).write_text(f"# {lock}: nothing\n", encoding="utf-8")
    return root


def base() -> str:
    """A Python outside every environment."""
    return environment.base_python()


def run(checkout: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """`python3 -m kb …` as a stranger would run it, with an empty home."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(checkout), "PYTHONUTF8": "1"}
    return subprocess.run(
        [base(), "-m", "kb", *arguments],
        cwd=checkout,
        env=bare | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_start_builds_and_the_second_does_not(checkout: Path):
    first = run(checkout, "demo", "--port", "1")
    assert (first.returncode, first.stdout) == (0, f"answered from {checkout}/.venv demo --port 1\n")
    assert first.stderr == "Setting up (once, about a minute) …\n"
    made = environment.stamp_of(checkout / ".venv").stat().st_mtime_ns
    second = run(checkout, "demo")
    assert (second.returncode, second.stderr) == (0, "")
    assert environment.stamp_of(checkout / ".venv").stat().st_mtime_ns == made


def test_a_set_up_that_broke_off_begins_again_from_nothing(checkout: Path):
    folder = checkout / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "half-written").touch()
    environment.marker_of(folder).touch()
    assert run(checkout).returncode == 0
    assert not (folder / "bin" / "half-written").exists()
    assert not environment.marker_of(folder).exists()


def test_two_first_starts_at_once_build_once(checkout: Path):
    bare = {"PATH": os.environ["PATH"], "HOME": str(checkout), "PYTHONUTF8": "1"}
    command = [base(), "-m", "kb"]
    starts = [
        subprocess.Popen(
            command, cwd=checkout, env=bare, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = "".join(start.communicate()[1] for start in starts)
    assert [start.returncode for start in starts] == [0, 0]
    assert said.count("Setting up") == 1


def test_a_package_that_is_not_the_locked_one_is_refused_in_one_line(checkout: Path):
    wheel = checkout / "wheels" / "tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"not what was locked")
    (checkout / RUN_LOCK).write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    answer = run(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheel.parent), PIP_CONFIG_FILE=os.devnull)
    assert answer.returncode == 1
    lines = answer.stderr.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("kb: set-up failed: ")
    assert environment.marker_of(checkout / ".venv").exists()


def test_python_without_venv_is_one_line(checkout: Path):
    hidden = checkout / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None\n")
    answer = run(checkout, PYTHONPATH=str(hidden))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        "kb: Python's venv is missing; run `apt install python3-venv` and start again.\n"
    )


def test_a_changed_lock_is_noticed(tmp_path: Path):
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (tmp_path / RUN_LOCK).write_text("one")
    stamp = f"python 3.0\n{environment.lock_line(tmp_path, RUN_LOCK)}\n"
    environment.stamp_of(folder).write_text(stamp)
    assert environment.is_ready(folder, tmp_path, RUN_LOCK, inside=False)
    assert not environment.is_ready(folder, tmp_path, RUN_LOCK, inside=True)  # made for another Python
    (tmp_path / RUN_LOCK).write_text("two")
    assert not environment.is_ready(folder, tmp_path, RUN_LOCK, inside=False)


def test_the_lock_follows_what_is_asked(monkeypatch: pytest.MonkeyPatch):
    assert bootstrap.wanted_lock(["serve"]) == RUN_LOCK
    assert bootstrap.wanted_lock([]) == RUN_LOCK
    assert bootstrap.wanted_lock(["test", "-x"]) == DEV_LOCK
    monkeypatch.setenv("KB_DATABASE_URL", "postgresql://localhost/kb")
    assert bootstrap.wanted_lock(["serve"]) == DEV_LOCK


def test_the_first_lines_parse_on_an_old_python(tmp_path: Path):
    """No old Python is at hand everywhere; what they cannot parse is told apart by its tree."""
    import ast

    for name in ("__init__.py", "__main__.py"):
        text = (ROOT / "kb" / name).read_text(encoding="utf-8")
        assert text.isascii()
        tree = ast.parse(text, feature_version=(3, 4))
        newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal)
        assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    assert sys.version_info >= (3, 11)

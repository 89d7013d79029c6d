"""Standard library only: prepares `.venv`, re-executes kb in it, and hands over to the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kb.environment import (
    DEV_LOCK,
    RUN_LOCK,
    WINDOWS,
    SetupFailed,
    build,
    interpreter,
    is_ready,
    one_at_a_time,
)
from kb.testing import run_tests

ROOT = Path(__file__).resolve().parent.parent


def start(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Runs kb with these arguments, in the checkout's own environment; returns the exit status."""
    if not (root / RUN_LOCK).is_file():  # installed as a package: whoever installed it chose the versions
        return hand_over(arguments, root)
    environment = root / ".venv"
    lock = wanted_lock(arguments)
    inside = Path(sys.prefix).resolve() == environment.resolve()
    try:
        if not is_ready(environment, root, lock, inside):
            with one_at_a_time(root):
                if not is_ready(environment, root, lock, inside):
                    build(environment, root, lock)
            inside = False  # the interpreter may be another one now
    except (SetupFailed, OSError) as problem:
        print(f"kb: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nkb: set-up interrupted; the next start begins it again.", file=sys.stderr)
        return 1
    return hand_over(arguments, root) if inside else re_execute(environment, arguments)


def wanted_lock(arguments: Sequence[str]) -> str:
    """The lock this call needs: PostgreSQL's driver and the test tools are only in the larger one."""
    postgres = os.environ.get("KB_DATABASE_URL", "").startswith("postgres")
    return DEV_LOCK if postgres or arguments[:1] == ["test"] else RUN_LOCK


def hand_over(arguments: Sequence[str], root: Path) -> int:
    """Calls the tests or the command line in this very process."""
    if list(arguments[:1]) == ["test"]:
        return run_tests(arguments[1:], root)
    from kb.cli import main

    return main(arguments)


def re_execute(environment: Path, arguments: Sequence[str]) -> int:
    """Becomes the environment's interpreter, with the same arguments."""
    command = [str(interpreter(environment)), "-m", "kb", *arguments]
    if not WINDOWS:  # there, execv would return to the shell at once
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(command[0], command)
    return subprocess.call(command)

"""`kb test` runs the suite of the checkout with pytest."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_HELP = """Usage: kb test [PYTEST ARGUMENTS]

Runs the whole suite from a checkout, on as many processes as there are processors.
Anything pytest understands may follow: a file, -k WORDS, -x, -n0 (in one process, for pdb).
"""


def run_tests(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Runs pytest on the checkout; 0 passed, 2 wrong arguments, 1 anything else."""
    if arguments[:1] in (["--help"], ["-h"]):
        print(TEST_HELP, end="")
        return 0
    if not (root / "tests").is_dir() or importlib.util.find_spec("pytest") is None:
        print("kb: the tests run from a checkout, by `python3 -m kb test`.", file=sys.stderr)
        return 1
    chosen = any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments)
    workers = [] if chosen else ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
    os.chdir(root)
    sys.path.insert(0, str(root))
    paths = [str(root), os.environ.get("PYTHONPATH", "")]  # for the workers and what they start
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    import pytest

    return {0: 0, 4: 2}.get(int(pytest.main([*workers, *arguments])), 1)

"""The command line: every command parses, makes one call, answers."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 2 used wrongly, 1 anything else."""
    from kb.cli.run import run

    return run(arguments)

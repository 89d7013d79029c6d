"""How commands answer: tables and progress for people, plain lines and JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Stages = Callable[[str, int, int], None]


def say(line: str = "") -> None:
    """One line on standard output, at once."""
    print(line, flush=True)


def hint(line: str) -> None:
    """One line for a person, beside the data: on standard error."""
    print(line, file=sys.stderr, flush=True)


def as_json(data: Any) -> None:
    """Data as JSON, readable, characters as they are."""
    print(json.dumps(data, ensure_ascii=False, indent=2))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under headings on a terminal; in a pipe one row a line, parted by tabs, without headings."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*headings, box=SIMPLE_HEAD)
    for row in rows:
        shown.add_row(*[Text(cell) for cell in row])  # Text: square brackets in a name are no markup
    Console().print(shown)


@contextmanager
def stages(labels: Mapping[str, str]) -> Iterator[Stages]:
    """A bar for each stage on a terminal, nothing in a pipe; call it with (stage, done, total)."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(labels[stage], total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show

"""Help texts are marked where commands are defined and translated only while a command runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import rich_click as click

from kb.i18n import gettext


@contextmanager
def in_the_readers_language(root: click.Group) -> Iterator[None]:
    """Show every help text of the commands in the current locale, and the English keys again afterwards."""
    kept: list[tuple[Any, str]] = []
    for part in _parts(root):
        if getattr(part, "help", None):
            kept.append((part, part.help))
            part.help = gettext(part.help)
    try:
        yield
    finally:
        for part, english in kept:
            part.help = english


def _parts(command: click.Command) -> Iterator[Any]:
    yield command
    yield from command.params
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _parts(below)

"""Runs one command and turns what can go wrong into an exit status and one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import rich_click as click
from click.exceptions import Abort, NoArgsIsHelpError

from kb.cli.failures import FAILED, complain, report
from kb.cli.root import root
from kb.cli.words import in_the_readers_language
from kb.i18n import _, set_locale

DONE, MISUSED = 0, 2


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of this process); returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # an odd file name must not end a command
    set_locale(os.environ.get("KB_DEFAULT_LOCALE", "en"))
    try:
        with in_the_readers_language(root):
            status = root.main(arguments, prog_name="kb", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else DONE
    except NoArgsIsHelpError as error:
        error.show()
        return MISUSED
    except click.UsageError as error:
        return _misused(error)
    except (Abort, KeyboardInterrupt):
        return complain(_("Interrupted."))
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return report(error)


def _misused(error: click.UsageError) -> int:
    command = error.ctx.command_path if error.ctx else "kb"
    text = " ".join(error.format_message().split())
    complain(_("%(problem)s See: %(command)s --help") % {"problem": text, "command": command})
    return MISUSED

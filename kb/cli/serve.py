"""`kb serve`: the schema first, then the server."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import rich_click as click

from kb.cli.failures import FAILED, CommandFailed, report
from kb.cli.opening import any_database, settings_of_command
from kb.cli.output import hint, say
from kb.config import Settings
from kb.i18n import _, mark

# Seconds for requests in flight once asked to stop; the whole must end within 10 (reliability R9).
GRACE = 8

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help=mark("The address to listen on.")
)
port_option = click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=mark("The port.")
)


@click.command("serve", help=mark("Bring the database to the current schema, then serve."))
@host_option
@port_option
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64),
    help=mark("How many processes answer."),
)  # fmt: skip
def serve(host: str, port: int, workers: int) -> int:
    """Serve until told to stop."""
    settings = settings_of_command()
    must_be_free(host, port)
    return apart(lambda: prepare(settings)) or run_server(host, port, workers)


def apart(work: Callable[[], None]) -> int:
    """Do something in a process of its own; the exit status. What it loads is not kept in memory while serving."""
    if not hasattr(os, "fork"):
        work()
        return 0
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return int(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
    status = FAILED
    try:
        work()
        status = 0
    except Exception as error:
        status = report(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def prepare(settings: Settings) -> None:
    """Bring the schema up to date; says where the copy is that was made before."""
    from kb.cli.schema import bring_up

    with any_database(settings) as database:
        copy = bring_up(database)
    if copy:
        hint(_("Copied the database to %(path)s first.") % {"path": copy})


def run_server(host: str, port: int, workers: int) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    one_heap()
    server = Granian(
        "kb.app:create_app", factory=True, interface=Interfaces.ASGI, address=host, port=port,
        workers=workers, websockets=False, log_level=LogLevels.error, respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    )  # fmt: skip
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    server.on_startup(lambda: say(_("kb answers at %(address)s (stop with Ctrl+C)") % {"address": address}))
    try:
        server.serve()
    except SystemExit as stop:
        return int(stop.code or 0) if not isinstance(stop.code, str) else 1
    return 0


def one_heap() -> None:
    """Let glibc keep one heap for all threads: they take turns anyway, and every heap keeps what it once held."""
    arena_max = -8  # M_ARENA_MAX of malloc.h
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(arena_max, 1)


def must_be_free(host: str, port: int) -> None:
    """Say in one line that an address is taken or not ours, before any process is started."""
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if sys.platform != "win32":  # there it would let two servers share the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            text = _("Port %(port)s is in use; choose another with --port.")
        elif problem.errno == errno.EACCES:
            text = _("Port %(port)s needs rights this account does not have; choose another with --port.")
        else:
            text = _("Cannot listen on %(host)s: %(cause)s")
        cause = problem.strerror or str(problem)
        raise CommandFailed(text % {"host": host, "port": port, "cause": cause}) from None

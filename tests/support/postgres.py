"""A PostgreSQL server for one test run: Debian's binaries, an unprivileged user, a socket nobody else has.

The server is the child of a keeper process (this file, run as a module), which stops it and removes its
data when the run ends, even if the run was killed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import URL

from tests.support.run_folder import Missing, controller, only_one, run_folder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a server that does not answer counts as broken
SETTINGS = {  # the data lives for one run: nothing needs to reach the disk, nobody else needs to reach it
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
}


def find_binaries() -> Path:
    """The folder of the newest installed server; raises Missing."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        raise Missing("PostgreSQL's server is missing: apt install postgresql")
    return max(folders, key=lambda folder: int(folder.parent.name))


def server() -> Path:
    """The folder of the running server's socket; the first worker that asks starts it for all."""
    folder = run_folder() / "postgres"
    with only_one("postgres"):
        if not (folder / "ready").exists():
            find_binaries()
            _start_keeper(folder)
    return folder


def url_of(database: str) -> str:
    """The address of one database of the run's server, as KB_DATABASE_URL takes it."""
    query = {"host": str(run_folder() / "postgres")}
    url = URL.create("postgresql+psycopg", username="postgres", database=database, query=query)
    return url.render_as_string(hide_password=False)


def stop() -> None:
    """Stop the run's server, if any worker started one, and wait until it is gone."""
    pid_file = run_folder() / "postgres" / "keeper.pid"
    if not pid_file.exists():
        return
    keeper = int(pid_file.read_text())
    os.kill(keeper, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _start_keeper(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with (folder / "keeper.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.support.postgres", str(folder), str(controller())]
        keeper = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    deadline = time.monotonic() + PATIENCE
    while not (folder / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "keeper.log").read_text())
        time.sleep(0.02)


def _keep(folder: Path, controller_pid: int) -> None:
    """The keeper: start the server, wait for the run's end, stop the server."""
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ending.append(number))
    pid_file = folder / "keeper.pid"
    pid_file.write_text(str(os.getpid()))
    postgres = _start(folder)
    try:
        while not ending and postgres.poll() is None and _alive(controller_pid):
            time.sleep(0.1)
    finally:
        postgres.send_signal(signal.SIGQUIT)  # nothing in there is worth a checkpoint
        postgres.wait()
        shutil.rmtree(folder / "data", ignore_errors=True)
        pid_file.unlink(missing_ok=True)
        if not _alive(controller_pid):
            shutil.rmtree(folder.parent, ignore_errors=True)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    binaries, data, user = find_binaries(), folder / "data", _unprivileged()
    data.mkdir(mode=0o700)
    if user:
        for path in (folder, data):
            os.chown(path, user.pw_uid, user.pw_gid)
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    environ = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, cwd=folder, env=environ, **as_user)  # type: ignore[call-overload]
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    postgres: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
        [binaries / "postgres", "-D", data, *options], cwd=folder, env=environ, **as_user
    )
    asked = [str(binaries / "pg_isready"), "-q", "-h", str(folder)]
    while postgres.poll() is None and subprocess.run(asked, check=False, env=environ).returncode:
        time.sleep(0.05)
    if postgres.poll() is not None:
        raise RuntimeError("the server ended at once")
    (folder / "ready").touch()
    return postgres


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses to be root; None when we are not root ourselves."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("there is no unprivileged user to run PostgreSQL as")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), int(sys.argv[2]))

"""Web processes on a database of a test's or a measurement's own, one of which can be killed. Loopback only."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools.test_site import ROOT, free_port

__all__ = ["WebServer", "database_url", "serve"]

#: Of each process, as in deploy/.
THREADS = 4


@dataclass
class WebServer:
    """A running server: one process that watches, and ``workers`` that answer."""

    url: str
    master: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """The processes that answer, oldest first."""
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def kill_one(self, which: int) -> int:
        """End one of them at once, as a machine does that runs out of memory. Gives its number; 0 when none is there.

        The one that watches starts another.
        """
        there = self.workers()
        if not there:
            return 0
        victim = there[which % len(there)]
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        return victim


def database_url(url: str, name: str) -> str:
    """The address of the database ``name`` on the server of ``url``; of the file ``name``, where there is no server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")) if url else f"sqlite:///{name}"


@contextlib.contextmanager
def serve(
    database: str, folder: Path, *, workers: int = 2, threads: int = THREADS, application: str = "nelis.wsgi"
) -> Iterator[WebServer]:
    """Serve the site on the database at that address until the block ends; what it writes is in ``folder``."""
    (folder / "static").mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tools.load_test.settings",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "STOP_WITH": str(os.getpid()),
    }
    environment.pop("PYTHONWARNINGS", None)
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "gunicorn",
        "--config",
        "python:tools.gunicorn_config",
        application,
    ]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", str(threads)]
    with (folder / "log").open("w") as log:
        master = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(port, master, folder / "log")
            yield WebServer(f"http://127.0.0.1:{port}", master)
        finally:
            master.send_signal(signal.SIGTERM)
            try:
                master.wait(15)
            except subprocess.TimeoutExpired:
                master.kill()
                master.wait()


def wait_for(port: int, master: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until something listens there. Raises RuntimeError, with the log, when nothing does in a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and master.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start.\n{log.read_text()[-4000:]}")

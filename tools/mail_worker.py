"""The process that sends mail beside `make run`: it ends when the server does, however the server ended.

``python -m tools.mail_worker NUMBER`` runs it until the process of that number is gone. With reloading, it starts again
when a Python file of ours has changed.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tools.gunicorn_config import process_runs

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "manage.py", "mail_worker", "--verbosity", "0", "--name", "make run")
LOOK_EVERY = 1.0


def main() -> None:
    """Watch over a worker."""
    server = int(sys.argv[1])
    watching = os.environ.get("DJANGO_SETTINGS_MODULE") == "nelis.settings.dev"
    over = threading.Event()
    # Ctrl+C, a terminal that is closed, and whoever ends a whole group, reach this process too: it must not go and
    # leave the worker behind.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: over.set())
    worker, seen = start(), code_as_of(watching)
    while not over.wait(LOOK_EVERY) and process_runs(server) and os.getppid() == server:
        now = code_as_of(watching)
        if (ended := worker.poll() is not None) or now != seen:
            # One that can't start is tried again, and not all the time.
            over.wait(5 * LOOK_EVERY if ended else 0)
            stop(worker)
            worker, seen = start(), now
    stop(worker)


def start() -> "subprocess.Popen[bytes]":
    """A worker. It is asked to stop by this process alone, after the mail it has in hand."""
    return subprocess.Popen(COMMAND, cwd=ROOT, start_new_session=True)


def stop(worker: "subprocess.Popen[bytes]") -> None:
    """Ask it to finish; insist when it had longer than it gives a database that is away."""
    worker.terminate()
    try:
        worker.wait(30)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def code_as_of(watching: bool) -> float:
    """When our code was last changed; always the same if nobody asks."""
    if not watching:
        return 0.0
    packages = ("nelis", "sectors", "engagement")
    return max(file.stat().st_mtime for package in packages for file in (ROOT / package).rglob("*.py"))


if __name__ == "__main__":
    main()

"""Gunicorn's configuration for `make run`. What production uses is in deploy/."""

import os
import signal
import threading
import time
from typing import Any

worker_class = "gthread"
# One copy of the code in memory, and a second worker that starts at once.
preload_app = True
timeout = 60
graceful_timeout = 2
no_control_socket = True
loglevel = "error"
# Standard error carries the site's own log; an access log would be a list of visitors.
accesslog = None


def when_ready(server: Any) -> None:
    """Say where the site is, once it answers there."""
    print(os.environ.get("NELIS_WELCOME", ""), flush=True)


def on_starting(server: Any) -> None:
    """Stop together with the process that STOP_WITH names: tests that are killed leave no server behind."""
    if process := os.environ.get("STOP_WITH"):
        threading.Thread(target=stop_with, args=[int(process)], daemon=True).start()


def stop_with(process: int) -> None:
    """End this server once ``process`` has ended."""
    while process_runs(process):
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def process_runs(process: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

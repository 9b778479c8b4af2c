"""Gunicorn's configuration for `make run`. What production uses is in deploy/."""

import os
from typing import Any

worker_class = "gthread"
# One copy of the code in memory, and a second worker that starts at once.
preload_app = True
timeout = 60
graceful_timeout = 5
no_control_socket = True
loglevel = "error"
# Standard error carries the site's own log; an access log would be a list of visitors.
accesslog = None


def when_ready(server: Any) -> None:
    """Say where the site is, once it answers there."""
    print(os.environ.get("NELIS_WELCOME", ""), flush=True)

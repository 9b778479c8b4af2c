"""Gunicorn in production: `gunicorn --config deploy/gunicorn.conf.py nelis.wsgi`."""

import multiprocessing
import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
# Pages are made by the processor, and wait for the database meanwhile: a process for each, a few threads in it.
workers = int(os.environ.get("WEB_CONCURRENCY") or multiprocessing.cpu_count())
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
timeout = 60
graceful_timeout = 30
# Memory that a library loses comes back; not all processes at once.
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
no_control_socket = True
# Somewhat more than the web server in front lets through, so that it is the one who refuses, in the site's look.
limit_request_line = 8190
# No header from outside says where the site is mounted or how the visitor came, whoever sends it.
forwarder_headers = ""
secure_scheme_headers = {}
# The web server in front writes the access log; it knows better what came of a request.
accesslog = None
# Requests that aren't HTTP are logged with the address they came from: redacted, as everything else is.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "redacted": {
            "()": "nelis.core.logs.RedactingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "redacted"}},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

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
loglevel = "warning"
# When, what, how it went and how long it took; not who, and not what was asked for in the query.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
accesslog = "-" if os.environ.get("ACCESS_LOG") else None

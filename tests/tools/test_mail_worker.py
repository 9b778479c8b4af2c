"""The worker beside `make run`: it starts with the server, and ends with it, however that ends."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import test_databases

ROOT = Path(__file__).resolve().parents[2]
# As tools.run does before it becomes the server. Who runs the tests may have told them to take no notice of a hang-up.
SERVER = """
import signal, time
from tools.run import start_mail_worker
signal.signal(signal.SIGHUP, signal.SIG_DFL)
start_mail_worker()
time.sleep(600)
"""


def workers(database: Path) -> list[tuple[str, str | None]]:
    with contextlib.closing(sqlite3.connect(database, timeout=60)) as connection:
        return connection.execute("SELECT name, stopped_at FROM mail_workerstatus").fetchall()


def wait_for(database: Path, holds) -> None:
    deadline = time.monotonic() + 200
    while not holds(workers(database)):
        assert time.monotonic() < deadline, workers(database)
        time.sleep(0.2)


def end(server: "subprocess.Popen[bytes]", how: signal.Signals, *, all_at_once: bool) -> None:
    if all_at_once:
        os.killpg(server.pid, how)
    else:
        server.send_signal(how)


@pytest.mark.parametrize(
    ("how", "all_at_once"),
    [
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.slow),
        (signal.SIGKILL, False),
        # As a terminal that is closed ends what runs in it, and a supervisor all that it started.
        pytest.param(signal.SIGHUP, True, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, True, marks=pytest.mark.slow),
    ],
)
def test_it_ends_with_the_server(tmp_path: Path, how: signal.Signals, all_at_once: bool):
    database = tmp_path / "nelis.sqlite3"
    test_databases.copy_sqlite(database)
    unwanted = ("DATABASE_URL", "BASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "nelis.settings.local"}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER], cwd=ROOT, env=environment, stderr=log, process_group=0
        )
    try:
        wait_for(database, lambda rows: [name for name, _ in rows] == ["make run"])
    finally:
        end(server, how, all_at_once=all_at_once)
        server.wait(60)
    wait_for(database, lambda rows: rows[0][1] is not None)

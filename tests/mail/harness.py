"""Workers as real processes, a real mail server, and SIGKILL, for the tests of other apps, too.

``SmtpSink`` is the server. ``WorkerPool`` starts workers on this test's database, each a process of its own.
``run_with_kills`` kills them at random moments while they send; ``reconcile`` compares the outbox with what the
server has.
"""

import contextlib
import functools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from engagement.mail.models import DeliveryState, OutgoingEmail

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent


class SmtpSink:
    """An SMTP server. It answers once ``start`` returns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port = folder, 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "SmtpSink":
        """Start it, at the port it had before."""
        (self.folder / "port").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "sink.py"), str(self.port), str(self.folder)], cwd=ROOT
        )
        wait_until(lambda: (self.folder / "port").exists(), 120)
        self.port = int((self.folder / "port").read_text())
        return self

    def stop(self) -> None:
        """End it at once, as a machine does that loses its power."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def behave(self, stage: str, say: str, *, times: int = -1, only: str = "") -> None:
        """From now on, do ``say`` at a stage: mail, rcpt, data or content. ``times`` -1 is always.

        A reply such as ``450 Later``, or ``drop``, ``silence``, ``wait 0.01``; for the content also ``keep and drop``,
        ``keep and silence``, and ``hold``, until it is told otherwise. ``only`` is a part of the recipient's address.
        """
        self.write([{"stage": stage, "say": say, "times": times, "only": only}])

    def well(self) -> None:
        """From now on, behave well."""
        self.write([])

    def write(self, rules: list[dict[str, Any]]) -> None:
        """Several rules at once."""
        unfinished = self.folder / "behave.unfinished"
        unfinished.write_text(json.dumps(rules))
        unfinished.rename(self.folder / "behave")

    def received(self) -> list[tuple[str, str]]:
        """Recipient and Message-ID of each mail taken, in order."""
        with contextlib.suppress(FileNotFoundError):
            lines = (self.folder / "received").read_text().splitlines()
            return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]
        return []

    def keep_contents(self) -> None:
        """From now on keep what each mail said, for ``content``."""
        (self.folder / "contents").mkdir(exist_ok=True)

    def content(self, message_id: str) -> bytes:
        """What an email said."""
        return (self.folder / "contents" / message_id.strip("<>")).read_bytes()


class WorkerPool:
    """Makes workers that send to ``sink``: forks of one process that has everything loaded."""

    def __init__(self, sink: SmtpSink, *, log: Path, **config: Any) -> None:
        quick = {"lease": 1.5, "batch_size": 20, "poll": 0.02, "schedule": 0.2, "heartbeat": 0.5, "back_off_first": 0.1}
        # What a killed worker was just sending is held for so long, and a lease.
        quick["content_timeout"] = 4
        self.config = {"retry_first": 0.2, "retry_max": 1, "back_off_max": 0.5} | quick | config
        self.sink, self.log = sink, log
        self.children: list[int] = []

    def start(self, *, fault: str = "", drain: bool = False, rate: int = 0) -> int:
        """Start a worker; its process number. ``fault`` is where it kills itself; see ``worker_forks``."""
        mother = fork_server()
        assert mother.stdin
        assert mother.stdout
        options = {"name": f"worker-{len(self.children) + 1}", "fault": fault, "drain": drain, "log": str(self.log)}
        options |= {"port": self.sink.port, "config": self.config, "rate": rate}
        mother.stdin.write(json.dumps(options) + "\n")
        mother.stdin.flush()
        self.children.append(int(mother.stdout.readline()))
        return self.children[-1]

    def close(self) -> None:
        """End the workers that are left."""
        for child in filter(is_running, self.children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        wait_until(lambda: not any(map(is_running, self.children)), 30)


@functools.cache
def fork_server() -> "subprocess.Popen[str]":
    """The process that forks, one for all tests on a database. It ends with this one: its input does."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.mail.worker_forks"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.mail.worker_settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def worker_pool(sink: SmtpSink, folder: Path, **config: Any) -> Iterator[WorkerPool]:
    """A worker pool, closed at the end of the block. What its workers log is in ``folder``/log."""
    pool = WorkerPool(sink, log=folder / "log", **config)
    try:
        yield pool
    finally:
        pool.close()


def database_url() -> str:
    """The address of this test's own database, for other processes."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def run_with_kills(
    pool: WorkerPool, model: type[OutgoingEmail], *, workers: int, kills: int, seconds: float, seed: int = 0
) -> int:
    """Keep ``workers`` at work and kill one of them now and then, until all is settled. Returns how many were killed.

    Goes on for ``seconds`` at the most; after the last kill the others finish what is left.
    """
    chance = random.Random(seed)  # noqa: S311 - it keeps no secret
    alive = [pool.start() for _ in range(workers)]
    killed = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(chance.uniform(0.02, 0.25))
        still_open = model._default_manager.filter(state__in=OutgoingEmail.OPEN).exists()
        if not still_open:
            break
        if killed < kills:
            victim = alive.pop(chance.randrange(len(alive)))
            os.kill(victim, signal.SIGKILL)
            killed += 1
            alive.append(pool.start())
    stop_workers(*alive)
    return killed


def stop_workers(*processes: int) -> None:
    """Tell workers to stop, and wait until they have written down what they know."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    wait_until(lambda: not any(map(is_running, processes)), 180)


@dataclass
class Reconciliation:
    """The outbox beside what the server has. ``faults`` is empty when they agree."""

    states: Counter[str]
    received: Counter[str]
    unknown: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def reconcile(rows: Iterable[OutgoingEmail], sink: SmtpSink) -> Reconciliation:
    """Compare: nobody got it twice; accepted means that it is there; whatever isn't accepted isn't, but for unknown."""
    names = [name.split("@")[0] for _, name in sink.received()]
    result = Reconciliation(Counter(), Counter(names))
    for row in rows:
        result.states[row.state] += 1
        times = result.received[str(row.uuid)]
        if times > 1:
            result.faults.append(f"{row.uuid} was received {times} times")
        if row.state == DeliveryState.ACCEPTED and times != 1:
            result.faults.append(f"{row.uuid} is accepted and was received {times} times")
        if row.state == DeliveryState.UNKNOWN:
            result.unknown.append(str(row.uuid))
        elif row.state != DeliveryState.ACCEPTED and times:
            result.faults.append(f"{row.uuid} is {row.state} and was received")
    return result


def is_running(process: int) -> bool:
    """Whether a process of that number is at work."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_stopped(process: int) -> bool:
    """Whether a process was stopped (SIGSTOP), with all its threads."""
    tasks = list(Path(f"/proc/{process}/task").iterdir())
    return all((task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "T" for task in tasks)


def wait_until(holds: Any, seconds: float) -> None:
    """Wait for ``holds()``; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "It took too long."
        time.sleep(0.02)

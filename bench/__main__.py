"""Queries, milliseconds and requests a second for the main pages, as ratios to an empty page.

One server process with one thread answers one client over a kept-open connection. The empty page
and the page measured take turns in short batches, so that whatever else the machine does weighs on
both alike, and each ratio is the median of the ratios of the rounds. Measured twice: with finished
pages made anew each time, and with the page cache on, as visitors meet the site.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.content import site_with_content

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "home": "/",
    "sector": "/sectors/advanced-manufacturing/",
    "proposition": "/propositions/driving-the-electric-revolution/",
    "index": "/propositions/",
    "search": "/search/?q=battery",
}
EMPTY = "/empty/"
AIM = 0.5


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds, rates in requests a second."""

    name: str
    queries: int
    milliseconds: float
    rate: float
    ratio: float


def main() -> int:
    """Prepare, measure twice, print; leave nothing behind."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--rounds", type=int, default=12)
    options.add_argument("--batch", type=int, default=15, help="requests in one turn")
    chosen = options.parse_args()
    with site_with_content():
        add_empty_page()
        queries = {name: count_queries(path) for name, path in {**PAGES, "empty": EMPTY}.items()}
        for title, seconds in (("made anew each time", "0"), ("page cache on", "3600")):
            rows = measure(seconds, queries, chosen.rounds, chosen.batch)
            show(title, rows)
    return 0


def add_empty_page() -> None:
    """The page to measure against."""
    from wagtail.models import Site

    from bench.empty.models import EmptyPage

    Site.objects.get().root_page.add_child(instance=EmptyPage(title="Empty", slug="empty"))


def count_queries(path: str) -> int:
    """Database queries for one anonymous request with nothing kept from earlier ones."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.PAGE_CACHE_SECONDS = 0
    for cache in caches.all():
        cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response = Client(SERVER_NAME="localhost").get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}.")
    return len(captured)


def measure(seconds: str, queries: dict[str, int], rounds: int, batch: int) -> list[Row]:
    """Start the server with pages kept for ``seconds``, and time every page against the empty one."""
    port = free_port()
    server = start(port, seconds)
    try:
        client = Client(port)
        empty_times: list[float] = []
        rows = []
        for name, path in PAGES.items():
            client.batch(EMPTY, batch)
            client.batch(path, batch)
            times, ratios = [], []
            for _ in range(rounds):
                empty, page = client.batch(EMPTY, batch), client.batch(path, batch)
                empty_times.append(empty)
                times.append(page)
                ratios.append(empty / page)
            rows.append(row(name, queries[name], times, statistics.median(ratios)))
        return [row("empty", queries["empty"], empty_times, 1.0), *rows]
    finally:
        server.terminate()
        server.wait(timeout=10)


def row(name: str, queries: int, times: list[float], ratio: float) -> Row:
    """A line of the table from the seconds of every round."""
    typical = statistics.median(times)
    return Row(name, queries, typical * 1000, 1 / typical, ratio)


class Client:
    """One reader on one kept-open connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def batch(self, path: str, count: int) -> float:
        """Seconds for one request, on average over ``count`` in a row. Raises on any but 200."""
        start = time.perf_counter()
        for _ in range(count):
            self.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            response = self.connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{path} answered {response.status}.")
        return (time.perf_counter() - start) / count


def start(port: int, page_cache_seconds: str) -> subprocess.Popen[bytes]:
    """A server of one thread, answering. Raises SystemExit when it doesn't within thirty seconds."""
    command = [sys.executable, "-m", "gunicorn", "nelis.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "1"]
    command += ["--keep-alive", "60", "--log-level", "error"]
    environment = os.environ | {"PAGE_CACHE_SECONDS": page_cache_seconds}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("The server didn't start within thirty seconds.")


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def show(title: str, rows: list[Row]) -> None:
    """Print the table and whether the aim is met."""
    print(f"\n{title}")
    print(f"{'page':<13}{'queries':>8}{'ms':>9}{'requests/s':>12}{'of empty':>10}")
    for line in rows:
        print(f"{line.name:<13}{line.queries:>8}{line.milliseconds:>9.2f}{line.rate:>12.0f}{line.ratio:>10.2f}")
    sector = next(line for line in rows if line.name == "sector")
    verdict = "met" if sector.ratio >= AIM else "not met"
    print(f"aim: sector at least {AIM} of empty: {verdict} ({sector.ratio:.2f})")


if __name__ == "__main__":
    sys.exit(main())

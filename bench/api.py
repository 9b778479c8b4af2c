"""How long the API and the files of everything take, with 1,100 propositions: `make bench`.

The propositions of the content are repeated as `bench.growth` does it, in a database that is thrown away. Each answer
is made anew; a time is the median of its rounds.
"""

import statistics
import sys
import time
from typing import Any

from bench.content import site_with_content
from bench.growth import grow

#: The content has eleven.
TIMES = 100
ROUNDS = 5
ADDRESSES = {
    "list of 50": "/api/v1/propositions",
    "list of 100, the last": "/api/v1/propositions?limit=100&offset=1000",
    "list with filters": "/api/v1/propositions?challenge=clean-growth&basis=stated",
    "one proposition": "/api/v1/propositions/P1",
    "findings": "/api/v1/findings",
    "strategy.json": "/data/strategy.json",
    "StratML, part 2": "/data/strategy-stratml-part-2.xml",
}


def main() -> int:
    """Prepare, grow, measure, print; leave nothing behind."""
    with site_with_content(PAGE_CACHE_SECONDS="0"):
        from django.test import Client

        grow(TIMES)
        client = Client(SERVER_NAME="localhost")
        client.get("/api/v1/sectors")
        print(f"{'':24}{'queries':>8}{'ms':>8}{'KB':>8}")
        for name, path in ADDRESSES.items():
            queries, seconds, size = measure(client, path)
            print(f"{name:24}{queries:8}{seconds * 1000:8.0f}{size / 1024:8.0f}")
    return 0


def measure(client: Any, path: str) -> tuple[int, float, int]:
    """Queries, seconds and bytes of an answer that is made anew."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from nelis.core.models import ContentVersion

    times = []
    for _ in range(ROUNDS):
        # So that the files are made again, too.
        ContentVersion.bump()
        with CaptureQueriesContext(connection) as asked:
            begun = time.perf_counter()
            answer = client.get(path)
            times.append(time.perf_counter() - begun)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    return len(asked), statistics.median(times), len(answer.getvalue())


if __name__ == "__main__":
    sys.exit(main())

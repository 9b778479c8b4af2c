"""What workers ask over and over, in an outbox of half a million rows: `python -m bench.outbox`.

All but 500 of its deliveries were sent, and 100,000 more are of a bulletin that is paused. A time is the median of nine
rounds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.sending import ROOT, postgresql, sqlite

#: Sent, paused and waiting.
SENT, PAUSED, WAITING = 510_000, 100_000, 500
ROUNDS = 9
#: In milliseconds.
AIM = 50


def main() -> int:
    """Measure on both databases, each in a process of its own: settings are read once."""
    options = argparse.ArgumentParser(prog="python -m bench.outbox", description=__doc__)
    options.add_argument("--on", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.on:
        return measure(chosen.on)
    failed = 0
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with database() as url:
            environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nelis.settings.test"}
            command = [sys.executable, "-m", "bench.outbox", "--on", name]
            failed |= subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return failed


def measure(name: str) -> int:
    """Print one line for each query. Status 1 when one takes longer than the aim."""
    import django

    django.setup()
    fill()
    print(f"\noutbox on {name}: {SENT + PAUSED + WAITING:,} rows, {WAITING} to be sent")
    slowest = 0.0
    for label, ask in queries():
        milliseconds = statistics.median(timed(ask) for _ in range(ROUNDS))
        slowest = max(slowest, milliseconds)
        print(f"{label:<44}{milliseconds:>9.2f} ms")
    print(f"aim: none longer than {AIM} ms: {'met' if slowest <= AIM else 'not met'} ({slowest:.1f} ms)")
    return int(slowest > AIM)


def timed(ask: Callable[[], Any]) -> float:
    """Milliseconds for one call, undone afterwards."""
    from django.db import transaction

    with transaction.atomic():
        begun = time.perf_counter()
        ask()
        milliseconds = (time.perf_counter() - begun) * 1000
        transaction.set_rollback(True)
    return milliseconds


def fill() -> None:
    """Three bulletins: sent, paused, being sent; a statement for each."""
    from django.db import connection
    from django.utils import timezone

    from engagement.bulletins.models import Bulletin, Delivery
    from engagement.bulletins.recipients import UUID_SQL

    now = timezone.now()
    empty = ("claimed_by", "reason", "response", "provider_message_id")
    columns = ", ".join(("uuid", "address_hash", "attempts", "bulletin_id", "state", "due_at", "created_at", *empty))
    time = "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"
    # Every part is a name of ours.
    sql = (
        f"INSERT INTO {Delivery._meta.db_table} ({columns}, settled_at)"  # noqa: S608
        " WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
        f" SELECT {UUID_SQL[connection.vendor]}, CAST(n AS text), 0, %s, %s, {time}, {time}, '', '', '', '', {time}"
        " FROM numbers"
    )
    moment = connection.ops.adapt_datetimefield_value(now)
    for slug, state, count in (("sent", "completed", SENT), ("paused", "paused", PAUSED), ("now", "sending", WAITING)):
        made = Bulletin.objects.create(subject=slug, slug=f"bench-{slug}", state=state, started_at=now)
        is_sent = slug == "sent"
        values = [count, made.pk, "accepted" if is_sent else "pending", moment, moment]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, moment if is_sent else None])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def queries() -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is asked, and how."""
    from django.utils import timezone

    from engagement.bulletins import streams
    from engagement.mail.admin.overview import warnings
    from engagement.mail.clock import Clock
    from engagement.mail.config import WorkerConfig
    from engagement.mail.outbox import Outbox, recover_expired

    stream, clock = streams.BULLETIN_STREAM, Clock()
    outbox = Outbox("bench", clock, WorkerConfig())
    yield "claim 50 emails", lambda: outbox.claim(stream, 50)
    yield "look for urgent ones", lambda: outbox.claim(stream, 50, urgent=True)
    yield "recover what dead workers left", lambda: recover_expired(stream, clock)
    yield "whether any is due", lambda: stream.due(timezone.now()).exists()
    yield "whether any is open", lambda: stream.sendable(stream.open_emails).exists()
    yield "the warnings on the front page of the admin", warnings


if __name__ == "__main__":
    sys.exit(main())

"""Emails a second through the outbox, beside a bare loop that sends the same bytes over one kept-open connection.

The mail server is a process of its own on the loopback and keeps nothing. Bare loop, one worker and four workers take
turns in each round, so that whatever else the machine does weighs on all alike; the ratios are medians of the rounds.
The emails are those of an approved bulletin to readers with different topics, by its stream: each asks at the
moment of sending whether its reader still wants it. ``python -m bench.sending --mails 2000``.
"""

import argparse
import json
import os
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools import postgres, test_databases

ROOT = Path(__file__).resolve().parents[1]
AIM = 0.8


def main() -> int:
    """Measure on both databases, each in a process of its own: settings are read once."""
    options = argparse.ArgumentParser(prog="python -m bench.sending", description=__doc__)
    options.add_argument("--mails", type=int, default=2000, help="of each kind, over all rounds")
    options.add_argument("--rounds", type=int, default=4)
    options.add_argument("--on", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.on:
        measure(chosen.on, chosen.mails // chosen.rounds, chosen.rounds)
        return 0
    for name, database in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with database() as url:
            command = [sys.executable, "-m", "bench.sending", "--on", name]
            command += ["--mails", str(chosen.mails), "--rounds", str(chosen.rounds)]
            environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nelis.settings.test"}
            subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)
    return 0


@contextmanager
def sqlite() -> Iterator[str]:
    """A database of its own."""
    # Beside the code: a temporary folder may lie in memory, where nothing waits for a disk.
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder:
        file = Path(folder) / "bench.sqlite3"
        test_databases.copy_sqlite(file)
        yield f"sqlite:///{file}"


@contextmanager
def postgresql() -> Iterator[str]:
    """The same on PostgreSQL."""
    server, name = postgres.database_url(), f"bench_sending_{os.getpid()}"
    test_databases.copy_postgres(server, name)
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    test_databases.drop_postgres(server, name)


def measure(name: str, count: int, rounds: int) -> None:
    """Print one line for each way to send."""
    import django

    django.setup()
    prepare(max(count, 100))
    ways: dict[str, Callable[[int], float]] = {"bare loop": bare, "one worker": lambda n: run_workers(1, n)}
    ways["four workers"] = lambda n: run_workers(4, n)
    with sink():
        for way in ways.values():
            way(min(count, 100))
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for way, send in ways.items():
                seconds[way].append(send(count))
    print(f"\nsending on {name}: {rounds} rounds of {count} mails of {len(messages(1)[0][1]) / 1024:.0f} KB")
    print(f"{'':<14}{'mails/s':>9}{'of bare loop':>14}")
    for way, times in seconds.items():
        ratio = statistics.median(bare / own for bare, own in zip(seconds["bare loop"], times, strict=True))
        print(f"{way:<14}{count / statistics.median(times):>9.0f}{ratio:>14.2f}")
        if way == "one worker":
            verdict = (
                f"aim: one worker at least {AIM} of the bare loop: {'met' if ratio >= AIM else 'not met'} ({ratio:.2f})"
            )
    print(verdict)


@contextmanager
def sink() -> Iterator[None]:
    """The mail server, and settings that send there."""
    from django.conf import settings

    process = subprocess.Popen([sys.executable, str(ROOT / "bench/smtp_sink.py")], stdout=subprocess.PIPE, text=True)
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.MAIL_PER_SECOND = "127.0.0.1", 0
        settings.EMAIL_PORT = int(process.stdout.readline() if process.stdout else 0)
        yield
    finally:
        process.kill()
        process.wait()


def prepare(most: int) -> None:
    """A bulletin as it is after its approval, and readers who chose one, two or all of three topics."""
    from django.utils import timezone

    from engagement.bulletins.models import Bulletin
    from engagement.bulletins.snapshot import content_hash, take_snapshot
    from engagement.mail.addresses import address_hash
    from engagement.mailing_list.models import Subscription, Topic

    topics = [
        Topic.objects.get_or_create(slug=f"bench-{number}", defaults={"name": f"Topic {number}", "group": "sector"})[0]
        for number in range(3)
    ]
    addresses = [f"reader{number}@example.org" for number in range(most)]
    people = Subscription.objects.bulk_create(
        Subscription(address=address, address_hash=address_hash(address), state="active", frequency="immediate")
        for address in addresses
    )
    chosen = Subscription.topics.through
    chosen.objects.bulk_create(
        chosen(subscription=person, topic=topic)
        for number, person in enumerate(people)
        for topic in topics[: 1 + number % 3]
    )
    made = Bulletin.objects.create(subject="News of the strategy", slug="bench", body=json.dumps(BODY))
    made.topics.set(topics)
    made.save()
    made = Bulletin.objects.get(pk=made.pk)
    snapshot = take_snapshot(made)
    # One recipient more than there will be, so that it is never done.
    Bulletin.objects.filter(pk=made.pk).update(
        state="sending",
        snapshot=snapshot,
        content_hash=content_hash(snapshot),
        started_at=timezone.now(),
        recipient_count=most + 1,
    )


#: A bulletin of usual length.
PARAGRAPH = "There is news of the strategy — new figures, and a date for the summit in Exampleshire. "
BODY = [
    {"type": "lead", "value": PARAGRAPH * 2},
    *({"type": "text", "value": f"<p>{PARAGRAPH * 3}</p>"} for _ in range(16)),
    {"type": "button", "value": {"label": "Read it", "page": None, "address": "https://www.example.org/news/"}},
]


def fill_outbox(count: int) -> None:
    """The rows of so many readers, as they are when the sending begins."""
    from django.db import connection

    from engagement.bulletins.models import Bulletin, Delivery
    from engagement.mailing_list.models import Subscription

    made = Bulletin.objects.get(slug="bench")
    Delivery.objects.all()._raw_delete(connection.alias)
    people = Subscription.objects.order_by("pk")[:count]
    Delivery.objects.bulk_create(
        Delivery(bulletin=made, subscription=person, address_hash=person.address_hash) for person in people
    )


def messages(count: int) -> list[tuple[str, bytes]]:
    """Recipients, and the bytes that workers would send them."""
    from django.utils import timezone

    from engagement.bulletins.models import Delivery
    from engagement.bulletins.streams import compose
    from engagement.mail.message import Message, build_envelope

    fill_outbox(count)
    made = []
    for row in Delivery.objects.order_by("pk"):
        message = compose(row)
        if not isinstance(message, Message):
            raise SystemExit(f"A mail of the bulletin would not be sent: {message.reason}.")
        made.append((message.to, build_envelope(message, row.uuid, timezone.now()).data))
    return made


def bare(count: int) -> float:
    """Seconds for a loop over one connection, with the mails made beforehand and nothing written down."""
    from django.conf import settings

    ready = messages(count)
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as server:
        server.ehlo()
        started = time.perf_counter()
        for address, data in ready:
            server.sendmail("bulletins@example.org", [address], data)
        return time.perf_counter() - started


def run_workers(processes: int, count: int) -> float:
    """Seconds from the first mail begun to the last one settled."""
    from django.db import connections
    from django.db.models import Max, Min

    from engagement.bulletins.models import Delivery
    from engagement.mail.models import DeliveryState

    fill_outbox(count)
    connections.close_all()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            run_worker(f"bench-{number}")
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    sent = Delivery.objects.filter(state=DeliveryState.ACCEPTED)
    if sent.count() != count:
        raise SystemExit(f"{count - sent.count()} of {count} mails were not sent.")
    times = sent.aggregate(first=Min("sending_at"), last=Max("settled_at"))
    return float((times["last"] - times["first"]).total_seconds())


def run_worker(name: str) -> None:
    """A worker, in a process of its own; doesn't return."""
    from engagement.mail.worker import Worker

    code = 1
    try:
        Worker(name, drain=True).run()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())

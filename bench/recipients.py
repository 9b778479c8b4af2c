"""How long it takes to write down the recipients of a bulletin, on both databases: `make bench`.

A made-up list of 100,000 people, in a database that is thrown away. Their rows are made by the statement that a
worker uses, by the same statement again (which must add nothing), and, to compare with, by a bare INSERT … SELECT of
the same people into the same table without asking who they are.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tools import test_databases
from tools.postgres import database_url

PEOPLE = 100_000
ROUNDS = 5
AIM = 2.0
VENDORS = ("sqlite", "postgres")


def main(arguments: list[str]) -> int:
    """Each database in a process of its own, since Django is set up once in a process. Status 1 when one went wrong."""
    if arguments:
        return measure_on(arguments[0])
    return max(subprocess.run([sys.executable, "-m", "bench.recipients", vendor]).returncode for vendor in VENDORS)


def measure_on(vendor: str) -> int:
    """Make the list, measure, print. Status 1 when a second run adds anybody."""
    with database(vendor):
        make_people()
        bulletin = make_bulletin()
        measured = [measure(bulletin) for _ in range(ROUNDS)]
    show(vendor, measured)
    return 0 if all(again == 0 for *_, again in measured) else 1


@contextmanager
def database(vendor: str) -> Iterator[None]:
    """Django on a fresh database of that kind, which goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="nelis-bench-") as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        server, name = "", f"nelis_bench_{os.getpid()}"
        if vendor == "postgres":
            server = database_url()
            test_databases.copy_postgres(server, name)
            url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        else:
            test_databases.copy_sqlite(Path(folder) / "bench.sqlite3")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "nelis.settings.test", "DATABASE_URL": url}
        try:
            import django

            django.setup()
            yield
        finally:
            from django.db import connection

            connection.close()
            if server:
                test_databases.drop_postgres(server, name)


def make_people() -> None:
    """People with one of three topics, most of whom hear of things as they happen."""
    from django.db import connection

    from engagement.mailing_list.models import Subscription, Topic

    topics = [
        Topic.objects.get_or_create(slug=f"bench-{number}", defaults={"name": f"Topic {number}", "group": "sector"})[0]
        for number in range(3)
    ]
    print(f"Making {PEOPLE:,} people …", flush=True)
    people = Subscription.objects.bulk_create(
        (
            Subscription(address=f"p{number}@example.org", address_hash=f"{number:064x}", state="active")
            for number in range(PEOPLE)
        ),
        batch_size=2000,
    )
    through = Subscription.topics.through
    through.objects.bulk_create(
        (through(subscription_id=person.pk, topic_id=topics[person.pk % 3].pk) for person in people), batch_size=5000
    )
    with connection.cursor() as cursor:
        # A list of this size is nothing new to a database that has been running.
        cursor.execute("ANALYZE")


def make_bulletin() -> Any:
    """One for all three topics, approved."""
    from engagement.bulletins.models import Bulletin

    rule = {"frequencies": ["immediate"], "topics": ["bench-0", "bench-1", "bench-2"]}
    return Bulletin.objects.create(subject="Bench", slug="bench", state="preparing", snapshot={"audience": rule})


def measure(bulletin: Any) -> tuple[float, float, float, int]:
    """Seconds for the bare statement, for ours, and for ours once more, with the rows which that added."""
    from engagement.bulletins.recipients import add_recipients

    bare, count = timed(lambda: insert_bare(bulletin))
    assert count == PEOPLE, count  # noqa: S101
    empty()
    ours, count = timed(lambda: add_recipients(bulletin))
    assert count == PEOPLE, count  # noqa: S101
    again, added = timed(lambda: add_recipients(bulletin))
    empty()
    return bare, ours, again, added


def empty() -> None:
    """Take all rows away, and what a database keeps of rows that were."""
    from django.db import connection

    from engagement.bulletins.models import Delivery

    command = "TRUNCATE TABLE" if connection.vendor == "postgresql" else "DELETE FROM"
    with connection.cursor() as cursor:
        cursor.execute(f"{command} {Delivery._meta.db_table}")


def insert_bare(bulletin: Any) -> int:
    """The same rows, of everybody there is."""
    from django.db import connection, transaction
    from django.utils import timezone

    from engagement.bulletins.models import Delivery
    from engagement.bulletins.recipients import UUID_SQL
    from engagement.mailing_list.models import Subscription

    rows, people = Delivery._meta.db_table, Subscription._meta.db_table
    now = Delivery._meta.get_field("due_at").get_db_prep_value(timezone.now(), connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {rows} (uuid, state, due_at, attempts, claimed_by, reason, response, provider_message_id,"  # noqa: S608
            " created_at, bulletin_id, subscription_id, address_hash)"
            f" SELECT {UUID_SQL[connection.vendor]}, 'pending', %s, 0, '', '', '', '', %s, %s, id, address_hash"
            f" FROM {people}",
            (now, now, bulletin.pk),
        )
        return int(cursor.rowcount)


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds, and what came of it."""
    begun = time.perf_counter()
    count = work()
    return time.perf_counter() - begun, count


def show(vendor: str, measured: list[tuple[float, float, float, int]]) -> None:
    """Print the medians, and the median of the ratios."""
    bare, ours, again = (statistics.median(column) for column in list(zip(*measured, strict=True))[:3])
    ratio = statistics.median(ours / bare for bare, ours, _, _ in measured)
    print(f"\n{vendor}: {PEOPLE:,} recipients")
    print(f"{'bare INSERT … SELECT':<24}{bare:>8.2f} s")
    print(f"{'expansion':<24}{ours:>8.2f} s{ratio:>8.2f} of bare")
    print(f"{'a second run':<24}{again:>8.2f} s, {sum(added for *_, added in measured)} rows added")
    print(f"aim: under {AIM:.0f} s: {'met' if ours < AIM else 'not met'} ({ours:.2f} s)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sign-ups a second through the whole view, beside bare inserts of the same rows: `make bench`.

Both take turns in short batches, so that whatever else the machine does weighs on both alike; a ratio is the median of
the ratios of the rounds. On SQLite, and on PostgreSQL where ``python -m tools.postgres`` runs it. Database and
mailbox are thrown away, and nothing is sent: a form only writes to the outbox.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tools import test_databases

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Measure on SQLite in this process, then on PostgreSQL in another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batch", type=int, default=20, help="sign-ups in one turn")
    parser.add_argument("--here", action="store_true", help="on the database of DATABASE_URL")
    chosen = parser.parse_args()
    if chosen.here:
        measure(chosen.rounds, chosen.batch)
        return 0
    once = [sys.executable, "-m", "bench.signups", "--here", f"--rounds={chosen.rounds}", f"--batch={chosen.batch}"]
    without = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(once, cwd=ROOT, env=without, check=True)
    return subprocess.run([sys.executable, "-m", "tools.postgres", *once], cwd=ROOT).returncode


def measure(rounds: int, batch: int) -> None:
    """Prepare a database that nobody else uses, measure, print."""
    folder, url = Path(tempfile.mkdtemp(prefix="nelis-bench-")), os.environ.get("DATABASE_URL", "")
    os.environ |= {"DJANGO_SETTINGS_MODULE": "bench.settings", "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    try:
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection

        settings.STATIC_ROOT.mkdir(parents=True)
        name = f"nelis_bench_{os.getpid()}" if url else str(folder / "bench.sqlite3")
        if url:
            test_databases.copy_postgres(url, name)
        else:
            test_databases.copy_sqlite(Path(name))
        connection.settings_dict["NAME"] = name
        add_topics()
        through_view, bare = signs_up(), inserts()
        for work in (through_view, bare):
            turn(work, batch)
        rows = [(turn(through_view, batch), turn(bare, batch)) for _ in range(rounds)]
        view, insert = (statistics.median(column) for column in zip(*rows, strict=True))
        ratio = statistics.median(view_rate / insert_rate for view_rate, insert_rate in rows)
        print(f"\nSign-ups a second, {connection.vendor}, {rounds} rounds of {batch}")
        print(f"  through the whole view   {view:8.0f}")
        print(f"  bare inserts             {insert:8.0f}")
        print(f"  view to bare             {ratio:8.2f}")
        connection.close()
        if url:
            test_databases.drop_postgres(url, name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def add_topics() -> None:
    """As many as the site has."""
    from engagement.mailing_list.models import Topic

    for number in range(25):
        Topic.objects.create(slug=f"topic-{number}", name=f"Topic {number}", group="sector", order=number)


def turn(work: Callable[[], None], batch: int) -> float:
    """How often ``work`` is done in a second."""
    began = time.perf_counter()
    for _ in range(batch):
        work()
    return batch / (time.perf_counter() - began)


def signs_up() -> Callable[[], None]:
    """A form sent in: middleware, form, limits, and the rows in the outbox."""
    from django.conf import settings
    from django.test import Client

    from engagement.mailing_list import abuse

    # Where a request came from is known in production, and limited.
    settings.CLIENT_ADDRESS_HEADER = "REMOTE_ADDR"
    abuse.PER_NETWORK = 10**6
    settings.SIGN_UP_SECONDS = -1
    settings.ALLOWED_HOSTS = ["*"]
    client, stamp, number = Client(), abuse.new_form_token(), iter(range(10**9))

    def once() -> None:
        form = {"address": f"bench-{next(number)}@example.org", "frequency": "weekly", "form_token": stamp}
        body = urlencode(form | {"topics": ["topic-1", "topic-2"], "name": "Bench"}, doseq=True)
        answer = client.post("/mailing-list/", body, content_type="application/x-www-form-urlencoded")
        if answer.status_code != 302:
            raise SystemExit(f"The form answered {answer.status_code}.")

    return once


def inserts() -> Callable[[], None]:
    """The two rows that a sign-up leaves, in a transaction, by statements written out."""
    from django.db import connection, transaction

    from engagement.mail.models import TransactionalEmail
    from engagement.mailing_list.models import FormAttempt

    attempt, mail = statement(FormAttempt), statement(TransactionalEmail)

    def once() -> None:
        import uuid

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt[0], attempt[1]())
            cursor.execute(mail[0], [*mail[1]()[:-1], uuid.uuid4().hex])

    return once


def statement(model: Any) -> tuple[str, Callable[[], list[Any]]]:
    """An INSERT with the values of the newest row of ``model``; the last column is its uuid, if it has one."""
    from django.db import connection

    def newest() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY id DESC LIMIT 1")  # noqa: S608
            return list(cursor.fetchone())

    names = [field.column for field in model._meta.local_concrete_fields if not field.primary_key]
    names.sort(key=lambda name: name == "uuid")
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(names))
    known: list[Any] = []

    def values() -> list[Any]:
        if not known:
            known.extend(newest())
        return known

    return f"INSERT INTO {table} ({columns}) VALUES ({places})", values  # noqa: S608


if __name__ == "__main__":
    sys.exit(main())

"""What workers ask over and over is found by an index, however many emails were sent before."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from engagement.bulletins import delivery_stats
from engagement.bulletins import streams as bulletin_streams
from engagement.bulletins.models import Bulletin, Delivery
from engagement.feedback.models import FeedbackRound, OutcomeMail
from engagement.mail.admin.overview import warnings
from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import DeliveryState, TransactionalEmail
from engagement.mail.outbox import Outbox, Settlement, recover_expired
from engagement.mail.streams import STREAMS, was_refused_before
from engagement.mail.transports import Outcome
from engagement.mail.webhooks import record_event

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

#: They hold nothing but the few rows that are looked for.
PARTIAL_INDEXES = ("_open", "_doubt")
OUTBOXES = [stream.model._meta.db_table for stream in STREAMS.values()]


@pytest.fixture(autouse=True)
def sent_before(db):
    """Emails that were sent, and statistics of them: PostgreSQL plans by what it knows of the tables.

    Without this that would be what the tests before have left. SQLite keeps no statistics here.
    """
    if connection.vendor != "postgresql":
        return
    bulletins = [Bulletin.objects.create(subject=f"Kites {n}", slug=f"kites-{n}") for n in range(10)]
    rounds = [FeedbackRound.objects.create(title=f"Kites {n}", slug=f"kites-{n}") for n in range(10)]
    sent = {"state": DeliveryState.ACCEPTED, "settled_at": timezone.now(), "due_at": timezone.now()}
    for number in range(0, 1000, 100):
        hashes = [f"{n:064}" for n in range(number, number + 100)]
        at = {"bulletin": bulletins[number // 100]}, {"round": rounds[number // 100]}
        Delivery.objects.bulk_create(Delivery(address_hash=one, **at[0], **sent) for one in hashes)
        OutcomeMail.objects.bulk_create(OutcomeMail(address_hash=one, **at[1], **sent) for one in hashes)
        TransactionalEmail.objects.bulk_create(TransactionalEmail(kind="x", address_hash=one, **sent) for one in hashes)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(OUTBOXES)}")


@contextmanager
def plans() -> Iterator[list[tuple[str, str]]]:
    """Gather each query on an outbox that reads all of it, and its plan; with the parameters that it was sent with."""
    found: list[tuple[str, str]] = []

    def explain(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not sql.startswith(("INSERT", "DELETE")) and any(table in sql for table in OUTBOXES):
            faults = faults_on_postgresql if connection.vendor == "postgresql" else faults_on_sqlite
            # The wrapped cursor: this query isn't to be explained in its turn.
            with closing(connection.cursor().cursor) as raw:
                found.extend((sql, fault) for fault in faults(raw, sql, params))
            explained.append(sql)
        return result

    explained: list[str] = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # The tables are all but empty here, and reading a page is quicker than an index of it.
            cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explain):
        yield found
    assert explained


def faults_on_sqlite(raw, sql, params):
    raw.execute(f"EXPLAIN QUERY PLAN {sql}", params or ())
    for _, _, _, step in raw.fetchall():
        table = re.match(r"SCAN (\w+)", step)
        if table and is_outbox(sql, table[1]) and not step.endswith(PARTIAL_INDEXES):
            yield step


def faults_on_postgresql(raw, sql, params):
    raw.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    plan = raw.fetchone()[0]
    nodes = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", ())
        index = node.get("Index Name", "")
        is_of_outbox = node.get("Relation Name") in OUTBOXES or index.startswith(tuple(OUTBOXES))
        reads_all = node["Node Type"] == "Seq Scan" or (index and "Index Cond" not in node)
        if is_of_outbox and reads_all and not index.endswith(PARTIAL_INDEXES):
            yield f"{node['Node Type']} {index}"


def is_outbox(sql, name):
    """Whether a table or its alias in a query is an outbox."""
    return name in OUTBOXES or any(re.search(rf'"{table}" {name}\b', sql) for table in OUTBOXES)


@pytest.fixture(params=sorted(STREAMS))
def stream(request):
    """Each stream, with two groups that may be sent."""
    stream = STREAMS[request.param]
    options = {name: lambda: [1, 2] for name in ("sendable_groups", "urgent_groups") if getattr(stream, name)}
    return replace(stream, **options)


def test_the_steps_of_an_email(stream):
    clock = Clock()
    outbox = Outbox("worker", clock, WorkerConfig())
    row, other = (stream.model(pk=key, due_at=clock.now()) for key in (1, 2))
    with plans() as found:
        for urgent in {False, stream.urgent_groups is not None}:
            outbox.claim(stream, 50, urgent=urgent)
        outbox.renew(stream, [1, 2])
        outbox.still_sendable(stream, [1, 2])
        outbox.release(stream, [1, 2])
        for state in (DeliveryState.ACCEPTED, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.RETRY):
            settlement = Settlement(stream, row, Outcome(state, "refused-policy"))
            outbox.mark_sending(stream, other, settlement)
            outbox.settle(settlement)
    assert found == []


def test_what_is_asked_every_few_seconds(stream):
    with plans() as found:
        recover_expired(stream, Clock())
        assert not stream.due(timezone.now()).exists()
        assert not stream.sendable(stream.open_emails).exists()
    assert found == []


def test_the_pages_of_staff_and_the_reports_of_providers():
    with plans() as found:
        warnings()
        record_event("event-1", "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "delivered", provider_message_id="p-1")
    assert found == []


def test_a_bulletin_that_is_sent():
    bulletin = Bulletin.objects.create(subject="Kites", slug="kites", state="sending", recipient_count=1)
    delivery = Delivery.objects.create(bulletin=bulletin, address_hash="a" * 64)
    with plans() as found:
        bulletin_streams.run_maintenance()
        bulletin_streams.compose(delivery)
        delivery_stats.refused_for_us(bulletin, timezone.now() - timedelta(days=1))
        delivery_stats.skip_unsent(bulletin, "cancelled")
        was_refused_before(delivery)
    assert found == []

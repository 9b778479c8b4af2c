"""Workers killed while they send a bulletin: its certificate accounts for every recipient all the same."""

import csv
import io
import json
from collections import Counter

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, ReferenceIndex

from engagement.bulletins import workflow
from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.bulletins.snapshot import content_hash
from engagement.mail.addresses import address_hash
from engagement.mail.models import DeliveryState, ProviderEvent, RateLimit, TaskRun, TransactionalEmail, WorkerStatus
from engagement.mailing_list.models import Subscription
from nelis.core.models import SearchEntry, User
from tests.bulletins.conftest import TEXT
from tests.mail.conftest import sink  # noqa: F401 - a fixture
from tests.mail.harness import SmtpSink, reconcile, run_with_kills, wait_until, worker_pool

pytestmark = [pytest.mark.pg, pytest.mark.slow]

RECIPIENTS = 400


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker):
    """What the test writes is committed, for other processes to see, and taken away after it."""
    with django_db_blocker.unblock():
        people = set(User.objects.values_list("pk", flat=True))
        try:
            yield
        finally:
            for rows in (Delivery, BulletinEvent, Bulletin, Subscription, TransactionalEmail, ProviderEvent):
                # Past the rule that keeps some of these for good.
                rows._base_manager.all()._raw_delete(connection.alias)
            for rows in (WorkerStatus, RateLimit, TaskRun, ModelLogEntry, SearchEntry):
                rows.objects.all().delete()
            bulletins = ContentType.objects.get_for_model(Bulletin)
            ReferenceIndex.objects.filter(content_type=bulletins).delete()
            User.objects.exclude(pk__in=people).delete()
            connection.close()


def being_sent(count: int) -> Bulletin:
    """A bulletin to ``count`` people, approved and due."""
    Subscription.objects.bulk_create(
        Subscription(
            address=f"canary{number}@example.org",
            address_hash=address_hash(f"canary{number}@example.org"),
            state="active",
        )
        for number in range(count)
    )
    officer = User.objects.create_user("officer", "officer@example.org", "a long password")
    officer.groups.add(Group.objects.get(name="Engagement officer"))
    made = Bulletin.objects.create(subject="Kites again", slug="kites-again", body=json.dumps(TEXT))
    workflow.record_creation(made)
    workflow.perform("submit", made)
    snapshot, report = check_bulletin(made)
    assert snapshot is not None, report
    workflow.perform("approve", made, officer, shown=content_hash(snapshot))
    return workflow.perform("schedule", made, officer)


def certificate(bulletin: Bulletin) -> tuple[dict, list[list[str]]]:
    """What its page says, and the lines of its file."""
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    page = client.get(reverse("bulletin_certificate", args=[bulletin.pk])).context
    file = client.get(reverse("bulletin_certificate_csv", args=[bulletin.pk]))
    text = b"".join(file.streaming_content).decode().removeprefix("\ufeff")
    return page, list(csv.reader(io.StringIO(text)))[1:]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_certificate_adds_up_after_workers_were_killed(committed: None, sink: SmtpSink, tmp_path, seed: int):  # noqa: F811
    bulletin = being_sent(RECIPIENTS)
    sink.behave("content", "wait 0.005")
    with worker_pool(sink, tmp_path) as made:
        # The list of recipients is made by a worker too.
        made.start()
        wait_until(Delivery.objects.exists, 180)
        killed = run_with_kills(made, Delivery, workers=2, kills=8, seconds=300, seed=seed)
        wait_until(lambda: Bulletin.objects.get(pk=bulletin.pk).completed_at is not None, 180)
    found = reconcile(Delivery.objects.all(), sink)
    assert found.faults == []
    assert sum(found.states.values()) == RECIPIENTS
    assert set(found.states) <= {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN}
    assert killed >= 6
    assert len(found.unknown) <= killed
    bulletin.refresh_from_db()
    assert bulletin.recipient_count == RECIPIENTS
    assert bulletin.state == (Bulletin.State.EXCEPTIONS if found.unknown else Bulletin.State.COMPLETED)
    page, lines = certificate(bulletin)
    assert page["adds_up"]
    assert page["is_intact"]
    people = [line for line in lines if line[1].startswith("canary")]
    assert sorted(line[1] for line in people) == sorted(f"canary{number}@example.org" for number in range(RECIPIENTS))
    listed = Counter(line[2] for line in people)
    assert sum(listed.values()) == RECIPIENTS
    shown = {row.uuid for row, _ in page["rows"]}
    assert {str(uuid) for uuid in shown} == set(found.unknown)

"""Bulletins that real workers send by a real mail server, and their certificates beside what the server has."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, ReferenceIndex

from engagement.bulletins import workflow
from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery, NewsItem
from engagement.bulletins.snapshot import content_hash
from engagement.mail.addresses import address_hash
from engagement.mail.models import DeliveryState, ProviderEvent, RateLimit, TaskRun, TransactionalEmail, WorkerStatus
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression
from nelis.core.models import SearchEntry, User
from tests.bulletins.conftest import TEXT
from tests.mail.harness import SmtpSink

__all__ = ["being_sent", "certificate", "certificate_faults", "committed", "officer_client"]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """What the test writes is committed, for other processes to see, and taken away after it."""
    with django_db_blocker.unblock():
        people = set(User.objects.values_list("pk", flat=True))
        try:
            yield
        finally:
            for rows in (
                *(Delivery, BulletinEvent, NewsItem, Bulletin, ConsentEvent, Subscription, Suppression),
                *(TransactionalEmail, ProviderEvent),
            ):
                # Past the rule that keeps some of these for good.
                rows._base_manager.all()._raw_delete(connection.alias)
            for rows in (WorkerStatus, RateLimit, TaskRun, ModelLogEntry, SearchEntry):
                rows.objects.all().delete()
            bulletins = ContentType.objects.get_for_model(Bulletin)
            ReferenceIndex.objects.filter(content_type=bulletins).delete()
            User.objects.exclude(pk__in=people).delete()
            connection.close()


def being_sent(addresses: list[str], slug: str = "kites-again", *, cannot_wait: bool = False) -> Bulletin:
    """A bulletin to everybody on the list, and these are on it; approved and due."""
    known = set(Subscription.objects.values_list("address", flat=True))
    Subscription.objects.bulk_create(
        Subscription(address=address, address_hash=address_hash(address), state="active")
        for address in addresses
        if address not in known
    )
    officer = User.objects.filter(username="officer").first()
    if officer is None:
        officer = User.objects.create_user("officer", "officer@example.org", "a long password")
        officer.groups.add(Group.objects.get(name="Engagement officer"))
    made = Bulletin.objects.create(subject=f"About {slug}", slug=slug, body=json.dumps(TEXT), cannot_wait=cannot_wait)
    workflow.record_creation(made)
    workflow.perform("submit", made)
    snapshot, report = check_bulletin(made)
    assert snapshot is not None, report
    workflow.perform("approve", made, officer, shown=content_hash(snapshot))
    return workflow.perform("schedule", made, officer)


def officer_client() -> Client:
    """A browser of the engagement officer."""
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    return client


def certificate(bulletin: Bulletin) -> tuple[dict, list[list[str]]]:
    """What its page says, and the lines of its file that are about recipients."""
    client = officer_client()
    page = client.get(reverse("bulletin_certificate", args=[bulletin.pk])).context
    file = client.get(reverse("bulletin_certificate_csv", args=[bulletin.pk]))
    text = b"".join(file.streaming_content).decode().removeprefix("\ufeff")
    return page, [line for line in list(csv.reader(io.StringIO(text)))[1:] if "@" in line[1]]


def certificate_faults(bulletin: Bulletin, addresses: list[str], sink: SmtpSink) -> list[str]:
    """Where the certificate and the mail server disagree, line by line; nothing when they agree."""
    page, lines = certificate(bulletin)
    arrived = Counter(name.split("@")[0] for _, name in sink.received())
    faults = [] if page["adds_up"] and page["is_intact"] else ["The page says that it doesn't add up."]
    if sorted(line[1] for line in lines) != sorted(addresses):
        faults.append("Its lines are not those of the recipients.")
    expected = {DeliveryState.ACCEPTED.label: (1,), DeliveryState.UNKNOWN.label: (0, 1)}
    for uuid, _, state, *_ in lines:
        if arrived[uuid] not in expected.get(state, (0,)):
            faults.append(f"{uuid}: {state}, and the server has it {arrived[uuid]} times.")
    return faults

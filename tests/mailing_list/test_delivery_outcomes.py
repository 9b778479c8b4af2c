"""What the provider reports of a confirmation or another service mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail import transactional, webhooks
from engagement.mail.addresses import address_hash
from engagement.mail.models import DeliveryState, TransactionalEmail
from engagement.mail.streams import was_refused_before
from engagement.mail.worker import Worker
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression
from tests.mail.conftest import sink  # noqa: F401 - a fixture


@pytest.mark.parametrize(("kind", "reason"), [("bounced", "bounced"), ("complained", "complained")])
def test_who_bounces_or_complains_is_not_written_to_again(db, kind, reason):
    person = Subscription.objects.create(
        address="ada@example.org", address_hash=address_hash("ada@example.org"), state="active"
    )
    mail = transactional.queue_email("preferences", "ada@example.org")
    type(mail).objects.filter(pk=mail.pk).update(state=DeliveryState.ACCEPTED)
    webhooks.record_event("event-1", mail.uuid, kind)
    person.refresh_from_db()
    assert person.state == "ended"
    assert Suppression.objects.get(address_hash=person.address_hash).reason == reason


def test_a_delivery_changes_nothing_for_anybody(db):
    mail = transactional.queue_email("preferences", "ada@example.org")
    type(mail).objects.filter(pk=mail.pk).update(state=DeliveryState.ACCEPTED)
    webhooks.record_event("event-1", mail.uuid, "delivered")
    assert not Suppression.objects.exists()


def test_a_mailbox_that_is_only_full_keeps_its_subscription(db):
    person = Subscription.objects.create(
        address="ada@example.org", address_hash=address_hash("ada@example.org"), state="active"
    )
    mail = transactional.queue_email("preferences", "ada@example.org")
    type(mail).objects.filter(pk=mail.pk).update(state=DeliveryState.ACCEPTED)
    webhooks.record_event("event-1", mail.uuid, webhooks.SOFT_BOUNCE)
    mail.refresh_from_db()
    person.refresh_from_db()
    assert (mail.state, mail.reason) == (DeliveryState.BOUNCED, mail.SOFT_BOUNCED)
    assert person.state == "active"
    assert not Suppression.objects.exists()
    # When the next report says that there is none any more, it ends after all.
    webhooks.record_event("event-2", mail.uuid, "bounced")
    person.refresh_from_db()
    assert person.state == "ended"


REFUSALS = [
    ("550 5.1.1 No such user", True),
    ("550 5.1.6 Moved", True),
    ("556 5.1.10 Takes no mail", True),
    ("550 5.7.1 We don't like you", False),
    ("552 5.2.2 Full", False),
    ("550 No such user", True),
    ("550 No", False),
    ("550 5.4.5 Daily user sending quota exceeded", False),
]


@pytest.fixture
def ada(db):
    hashed = address_hash("ada@example.org")
    return Subscription.objects.create(address="ada@example.org", address_hash=hashed, state="active")


def settled(model, state, reason="", **fields):
    """An email to Ada that ended so."""
    fields = {"address_hash": address_hash("ada@example.org"), "settled_at": timezone.now()} | fields
    return model.objects.create(state=state, reason=reason, **fields)


def test_refusals_of_all_kinds_of_email_count_together(ada, django_assert_max_num_queries):
    """One of a bulletin and one of a confirmation."""
    bulletin = Bulletin.objects.create(subject="Kites", slug="kites")
    settled(Delivery, DeliveryState.FAILED, "refused-address", bulletin=bulletin, subscription=ada)
    mail = settled(TransactionalEmail, DeliveryState.FAILED, "no-mailbox", kind="preferences")
    assert mail.is_hard_refusal
    subscription_service.apply_delivery_outcome(mail)
    ada.refresh_from_db()
    assert ada.state == "ended"
    # Sent again by a person, and refused again, it still is one refusal.
    with django_assert_max_num_queries(3):
        assert was_refused_before(mail)
    Delivery.objects.all().delete()
    assert not was_refused_before(mail)


def test_an_email_that_arrived_in_between_clears_the_address(ada):
    early = timezone.now() - timedelta(days=2)
    settled(TransactionalEmail, DeliveryState.FAILED, "no-mailbox", kind="preferences", settled_at=early)
    arrived = timezone.now() - timedelta(days=1)
    settled(TransactionalEmail, DeliveryState.ACCEPTED, kind="preferences", settled_at=arrived)
    subscription_service.apply_delivery_outcome(
        settled(TransactionalEmail, DeliveryState.FAILED, "no-mailbox", kind="preferences")
    )
    ada.refresh_from_db()
    assert ada.state == "active"


@pytest.mark.parametrize(("say", "gone"), REFUSALS)
def test_a_second_refusal_while_talking_to_the_server(db, sink, settings, say, gone):  # noqa: F811
    """An address that is refused twice is off the list; a policy, a full mailbox, or one refusal alone ends nothing."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 30
    settings.MAIL_PER_SECOND = 0
    sink.behave("rcpt", say, only="ada@")
    hashed = address_hash("ada@example.org")
    person = Subscription.objects.create(address="ada@example.org", address_hash=hashed, state="active")
    for number in (1, 2):
        assert person.state == "active"
        mail = transactional.queue_email("preferences", "ada@example.org")
        assert Worker("test", drain=True).run() == 0
        mail.refresh_from_db()
        person.refresh_from_db()
        assert (number, mail.state, mail.is_hard_refusal) == (number, DeliveryState.FAILED, gone)
    assert person.state == ("ended" if gone else "active")
    kept_out = Suppression.objects.filter(address_hash=hashed).values_list("reason", flat=True)
    assert list(kept_out) == ["bounced"] * gone
    events_of = ConsentEvent.objects.filter(subscription=person.uuid).values_list("action", "method")
    assert list(events_of) == [("ended", "provider")] * gone
    assert sink.received() == []

"""What the provider reports of a confirmation or another service mail."""

import pytest

from engagement.mail import transactional, webhooks
from engagement.mail.addresses import address_hash
from engagement.mail.models import DeliveryState
from engagement.mail.worker import Worker
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
    ("550 No", False),
]


@pytest.mark.parametrize(("say", "gone"), REFUSALS)
def test_a_refusal_while_talking_to_the_server(db, sink, settings, say, gone):  # noqa: F811
    """A mailbox that isn't there ends the subscription, as a report on a bounce does; a policy doesn't."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 30
    settings.MAIL_PER_SECOND = 0
    sink.behave("rcpt", say, only="ada@")
    hashed = address_hash("ada@example.org")
    person = Subscription.objects.create(address="ada@example.org", address_hash=hashed, state="active")
    mail = transactional.queue_email("preferences", "ada@example.org")
    assert Worker("test", drain=True).run() == 0
    mail.refresh_from_db()
    person.refresh_from_db()
    assert (mail.state, mail.is_hard_bounce) == (DeliveryState.FAILED, gone)
    assert person.state == ("ended" if gone else "active")
    kept_out = Suppression.objects.filter(address_hash=hashed).values_list("reason", flat=True)
    assert list(kept_out) == ["bounced"] * gone
    events_of = ConsentEvent.objects.filter(subscription=person.uuid).values_list("action", "method")
    assert list(events_of) == [("ended", "provider")] * gone
    assert sink.received() == []

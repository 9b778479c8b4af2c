"""What the provider reports of a confirmation or another service mail."""

import pytest

from engagement.mailing_list.models import Subscription, Suppression
from engagement.post import events, service
from engagement.post.addresses import address_hash
from engagement.post.models import State


@pytest.mark.parametrize(("kind", "reason"), [("bounced", "bounced"), ("complained", "complained")])
def test_who_bounces_or_complains_is_not_written_to_again(db, kind, reason):
    person = Subscription.objects.create(
        address="ada@example.org", address_hash=address_hash("ada@example.org"), state="active"
    )
    mail = service.queue("manage", "ada@example.org")
    type(mail).objects.filter(pk=mail.pk).update(state=State.ACCEPTED)
    events.apply("event-1", mail.uuid, kind)
    person.refresh_from_db()
    assert person.state == "ended"
    assert Suppression.objects.get(address_hash=person.address_hash).reason == reason


def test_a_delivery_changes_nothing_for_anybody(db):
    mail = service.queue("manage", "ada@example.org")
    type(mail).objects.filter(pk=mail.pk).update(state=State.ACCEPTED)
    events.apply("event-1", mail.uuid, "delivered")
    assert not Suppression.objects.exists()

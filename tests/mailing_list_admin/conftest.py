"""People on the list, and staff who look after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import Subscription, Topic
from tests.admin.conftest import person, signed_in  # noqa: F401 - fixtures

OFFICER = "Engagement officer"


@pytest.fixture
def topics(db):
    """Three topics to choose from."""
    Topic.objects.all().delete()
    return [
        Topic.objects.create(slug=slug, name=name, group="sector", order=order)
        for order, (slug, name) in enumerate([("boats", "Boats"), ("bridges", "Bridges"), ("bells", "Bells")])
    ]


@pytest.fixture
def subscribed(topics):
    """Puts somebody on the list. ``subscribed("anna@example.org", days=40, state="pending")``."""

    def make(address, *chosen, days=0, state="active", **values):
        at = timezone.now() - timedelta(days=days)
        confirmed = None if state == "pending" else at
        made = Subscription.objects.create(
            address=address,
            address_hash=address_hash(address),
            state=state,
            created_at=at,
            **{"confirmed_at": confirmed} | values,
        )
        made.topics.set(chosen or topics[:1])
        subscription_service.record_event(
            made, "requested" if state == "pending" else "confirmed", subscription_service.Evidence("web", at=at)
        )
        return made

    return make


@pytest.fixture
def officer(signed_in):  # noqa: F811
    """Somebody who may see people's data."""
    return signed_in(OFFICER)


def url(name, *args):
    """A URL of the mailing list in the admin."""
    return reverse(f"mailing_list_admin:{name}", args=args)

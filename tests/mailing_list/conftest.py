"""A mailing list about kites, and somebody who fills in its forms."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from engagement.mailing_list import abuse
from engagement.mailing_list.links import UNSUBSCRIBE, permanent_url
from engagement.mailing_list.models import ConsentEvent, Subscription, Topic

ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def no_minimum_time(settings):
    """Tests fill in a form faster than people. What the time is for has tests of its own."""
    settings.SIGN_UP_SECONDS = -1


@pytest.fixture
def topics(db) -> list[Topic]:
    groups = Topic.Group
    named = [
        ("whole", groups.WHOLE),
        ("box-kites", groups.SECTOR),
        ("wind", groups.CHALLENGE),
        ("p1", groups.PROPOSITION),
    ]
    return [
        Topic.objects.create(slug=slug, name=slug.replace("-", " ").capitalize(), group=group, order=order)
        for order, (slug, group) in enumerate(named)
    ]


@dataclass
class Person:
    """Somebody with a browser and a mailbox. Emails are composed as a worker would, from the outbox."""

    address: str = ADA
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def sign_up(self, **fields: Any) -> Any:
        data = {
            "address": self.address,
            "topics": ["box-kites"],
            "frequency": "weekly",
            "form_token": abuse.new_form_token(),
        }
        return self.client.post("/mailing-list/", data | fields)

    def request_link(self, **fields: Any) -> Any:
        return self.client.post(
            "/mailing-list/link/", {"address": self.address, "form_token": abuse.new_form_token()} | fields
        )

    def mail(self) -> Message | Skip:
        """The last mail queued for this address, as it would be sent now."""
        last = TransactionalEmail.objects.filter(address_hash=address_hash(self.address)).latest("pk")
        made = compose(last)
        last.state = TransactionalEmail.State.SKIPPED if isinstance(made, Skip) else TransactionalEmail.State.ACCEPTED
        last.reason = made.reason if isinstance(made, Skip) else ""
        last.save(update_fields=["state", "reason"])
        return made

    def link(self) -> str:
        """The path of the one link in that email that has a token."""
        letter = self.mail()
        assert isinstance(letter, Message), letter
        (found,) = set(re.findall(r"http://testserver(/mailing-list/\S+\?t=[\w-]{43})", letter.text))
        return found

    def subscribe(self) -> Subscription:
        """Joins and confirms."""
        self.sign_up()
        assert self.client.post(self.link()).status_code == 302
        return self.row()

    def row(self) -> Subscription:
        return Subscription.objects.filter(address_hash=address_hash(self.address)).latest("pk")


@pytest.fixture
def ada(topics) -> Person:
    return Person()


@pytest.fixture
def bob(topics) -> Person:
    return Person("bob@example.com")


def leave_path(address: str = ADA) -> str:
    """The path of the permanent link to unsubscribe."""
    return permanent_url(UNSUBSCRIBE, address_hash(address)).removeprefix("http://testserver")


def actions(address: str = ADA) -> list[str]:
    """The actions of the consent events of an address."""
    return list(ConsentEvent.objects.filter(address_hash=address_hash(address)).values_list("action", flat=True))

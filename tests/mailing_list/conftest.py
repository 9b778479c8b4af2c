"""A mailing list about kites, and somebody who fills in its forms."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from engagement.mailing_list import guards
from engagement.mailing_list.models import Subscription, Topic
from engagement.post.addresses import address_hash
from engagement.post.letters import Letter, Skip
from engagement.post.models import ServiceMail
from engagement.post.service import compose

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
    """Somebody with a browser and a mailbox. Mail is composed as a runner would, from what the ledger holds."""

    address: str = ADA
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def joins(self, **fields: Any) -> Any:
        data = {"address": self.address, "topics": ["box-kites"], "frequency": "weekly", "stamp": guards.new_stamp()}
        return self.client.post("/mailing-list/", data | fields)

    def asks_for_link(self, **fields: Any) -> Any:
        return self.client.post("/mailing-list/link/", {"address": self.address, "stamp": guards.new_stamp()} | fields)

    def mail(self) -> Letter | Skip:
        """The last mail queued for this address, as it would be sent now."""
        last = ServiceMail.objects.filter(address_hash=address_hash(self.address)).latest("pk")
        made = compose(last)
        last.state = ServiceMail.State.SKIPPED if isinstance(made, Skip) else ServiceMail.State.ACCEPTED
        last.reason = made.reason if isinstance(made, Skip) else ""
        last.save(update_fields=["state", "reason"])
        return made

    def link(self) -> str:
        """The path of the one link in that mail that has a token."""
        letter = self.mail()
        assert isinstance(letter, Letter), letter
        (found,) = set(re.findall(r"http://testserver(/mailing-list/\S+\?t=[\w-]{43})", letter.text))
        return found

    def is_on(self) -> Subscription:
        """Joins and confirms."""
        self.joins()
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

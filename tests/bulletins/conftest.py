"""A list about kites, a bulletin on them, and the people who write, approve and send it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from engagement.bulletins import streams, workflow
from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.models import Bulletin, Delivery
from engagement.bulletins.snapshot import (
    _stored_snapshot,
    cached_message_template,
    content_hash,
    message_template,
    take_snapshot,
)
from engagement.mail.addresses import address_hash
from engagement.mail.message import MessageTemplate
from engagement.mailing_list.models import Subscription, Topic
from nelis.core.models import User

TEXT = [
    {"type": "lead", "value": "Kites are made in Exampleshire again."},
    {"type": "heading", "value": "Why now"},
    {"type": "text", "value": "<p>Because there is <b>wind</b>.</p><ul><li>In spring</li><li>In autumn</li></ul>"},
    {"type": "button", "value": {"label": "See the kites", "page": None, "address": "https://example.org/kites/"}},
    {
        "type": "next",
        "value": {"title": "What happens next", "steps": [{"what": "A draft", "text": "No date is stated."}]},
    },
]


@pytest.fixture(autouse=True)
def clear_snapshot_caches() -> Iterator[None]:
    """What a process keeps belongs to the database of one test."""
    yield
    cached_message_template.cache_clear()
    _stored_snapshot.cache_clear()


@pytest.fixture
def topics(db: None) -> dict[str, Topic]:
    named = [("whole", "The whole strategy", "whole"), ("kites", "Kites", "sector"), ("bells", "Bells", "sector")]
    return {
        slug: Topic.objects.create(slug=slug, name=name, group=group, order=order)
        for order, (slug, name, group) in enumerate(named)
    }


@pytest.fixture
def subscribe(topics: dict[str, Topic]) -> Callable[..., Subscription]:
    """Somebody on the list: ``subscribe("ada", "kites", frequency="weekly")``."""

    def subscribe(name: str, *slugs: str, frequency: str = "immediate", state: str = "active") -> Subscription:
        address = f"{name}@example.org"
        made = Subscription.objects.create(
            address=address, address_hash=address_hash(address), state=state, frequency=frequency
        )
        made.topics.set([topics[slug] for slug in slugs])
        return made

    return subscribe


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """Somebody in the named groups: ``staff("writer", "Content editor")``."""

    def staff(name: str, *groups: str, superuser: bool = False) -> User:
        user = User.objects.create_user(name, f"{name}@example.org", "a long password", is_superuser=superuser)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return staff


@pytest.fixture
def writer(staff) -> User:
    return staff("writer", "Content editor")


@pytest.fixture
def officer(staff) -> User:
    """May write, approve and send."""
    return staff("officer", "Engagement officer")


@pytest.fixture
def write(topics: dict[str, Topic], writer: User) -> Callable[..., Bulletin]:
    """A draft by the writer."""

    def write(*slugs: str, body: Any = None, **fields: Any) -> Bulletin:
        values = {"subject": "Kites again", "preheader": "They fly.", "slug": "kites-again", "author": writer} | fields
        made = Bulletin(body=json.dumps(TEXT if body is None else body), **values)
        made.topics.set([topics[slug] for slug in slugs])
        made.save()
        workflow.record_creation(made, writer)
        return Bulletin.objects.get(pk=made.pk)

    return write


def shown_hash(bulletin: Bulletin) -> str:
    """The hash that somebody sees who looks at it now."""
    snapshot, report = check_bulletin(bulletin)
    assert snapshot is not None, report
    return content_hash(snapshot)


@pytest.fixture
def approved(write, officer) -> Callable[..., Bulletin]:
    """An approved bulletin."""

    def approved(*slugs: str, **fields: Any) -> Bulletin:
        made = write(*slugs, **fields)
        workflow.perform("submit", made)
        return workflow.perform("approve", made, officer, shown=shown_hash(made))

    return approved


@pytest.fixture
def sending(approved, officer) -> Callable[..., Bulletin]:
    """A bulletin whose recipients are known, and which is being sent."""

    def sending(*slugs: str, **fields: Any) -> Bulletin:
        made = approved(*slugs, **fields)
        workflow.perform("schedule", made, officer)
        streams.run_maintenance()
        made.refresh_from_db()
        return made

    return sending


def recipients(bulletin: Bulletin) -> set[str]:
    """The names of its recipients."""
    rows = Delivery.objects.filter(bulletin=bulletin).select_related("subscription")
    return {row.subscription.address.partition("@")[0] for row in rows}


@pytest.fixture
def signed_in(staff) -> Callable[..., Client]:
    """A browser of somebody in the named groups; the person is ``client.person``."""

    def signed_in(name: str, *groups: str, **kwargs: Any) -> Client:
        client = Client()
        client.person = staff(name, *groups, **kwargs)  # type: ignore[attr-defined]
        client.force_login(client.person)  # type: ignore[attr-defined]
        return client

    return signed_in


def template_for(
    bulletin: Bulletin, *slugs: str, frequency: str = "immediate", chose: str = "Kites"
) -> MessageTemplate:
    """The email for readers who chose these topics."""
    return message_template(take_snapshot(bulletin), frozenset(slugs), frequency, "July 2019", chose)


def faults_and_warnings(bulletin: Bulletin) -> tuple[list[str], list[str]]:
    """What the checks say."""
    _, report = check_bulletin(bulletin)
    return [result.text for result in report.faults], [result.text for result in report.warnings]

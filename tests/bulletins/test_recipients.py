"""Who is on the list of recipients: the rule, against a plain reading of it, and the statement that writes the rows."""

import itertools
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.bulletins import workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.bulletins.recipients import AudienceRule, add_recipients, count_audience, subscriptions_for
from engagement.mailing_list.models import Subscription, Suppression
from tests.bulletins.conftest import recipients

pytestmark = pytest.mark.pg

STATES = Subscription.State.values
FREQUENCIES = ("immediate", "weekly", "monthly")
CHOICES = ((), ("whole",), ("kites",), ("bells",), ("kites", "bells"))


@pytest.fixture
def everybody(subscribe):
    """One person of every sort."""
    sorts = itertools.product(STATES, FREQUENCIES, CHOICES)
    people = [
        (subscribe(f"p{number}", *slugs, frequency=frequency, state=state), state, frequency, slugs)
        for number, (state, frequency, slugs) in enumerate(sorts)
    ]
    for person, state, _, _ in people[::7]:
        if state == "active":
            Suppression.objects.create(address_hash=person.address_hash, reason="never")
    return people


def plainly(people, frequencies, topics):
    """The rule as a person would apply it."""
    banned = set(Suppression.objects.values_list("address_hash", flat=True))
    return {
        person.pk
        for person, state, frequency, slugs in people
        if state == "active"
        and frequency in frequencies
        and person.address_hash not in banned
        and (not topics or "whole" in slugs or set(topics) & set(slugs))
    }


@pytest.mark.parametrize("slugs", [(), ("kites",), ("kites", "bells"), ("whole",)])
def test_the_audience_rule(everybody, slugs):
    for count in range(1, 4):
        for frequencies in itertools.combinations(FREQUENCIES, count):
            found = set(subscriptions_for(AudienceRule(frequencies, slugs)).values_list("pk", flat=True))
            assert found == plainly(everybody, frequencies, slugs)
            assert len(found) == count_audience(AudienceRule(frequencies, slugs)).total


@pytest.mark.parametrize(
    ("kind", "cannot_wait", "expected"),
    [
        ("bulletin", False, ("immediate",)),
        ("bulletin", True, FREQUENCIES),
        ("alert", False, ("immediate",)),
        ("weekly", True, ("weekly",)),
        ("monthly", False, ("monthly",)),
    ],
)
@pytest.mark.once
def test_how_often(db, kind, cannot_wait, expected):
    assert AudienceRule.for_bulletin(Bulletin(kind=kind, cannot_wait=cannot_wait), []).frequencies == expected


def test_the_rows_are_written_once(everybody, approved):
    bulletin = approved("kites")
    wanted = plainly(everybody, ("immediate",), ("kites",))
    assert add_recipients(bulletin) == len(wanted)
    assert set(Delivery.objects.values_list("subscription", flat=True)) == wanted
    assert add_recipients(bulletin) == 0
    assert Delivery.objects.count() == len(wanted)


def test_who_came_meanwhile_is_added_by_a_second_run(subscribe, approved):
    subscribe("ada")
    bulletin = approved()
    assert add_recipients(bulletin) == 1
    subscribe("eve")
    assert add_recipients(bulletin) == 1
    assert recipients(bulletin) == {"ada", "eve"}


def test_a_row_is_like_one_that_django_writes(subscribe, approved):
    person = subscribe("ada")
    bulletin = approved()
    add_recipients(bulletin)
    row = Delivery.objects.get()
    assert isinstance(row.uuid, uuid.UUID)
    assert Delivery.objects.get(uuid=row.uuid) == row
    assert (row.state, row.attempts, row.claimed_by, row.reason, row.response, row.provider_message_id) == (
        "pending",
        0,
        *[""] * 4,
    )
    assert (row.lease_until, row.sending_at, row.settled_at) == (None, None, None)
    assert row.address_hash == person.address_hash
    assert row.due_at.tzinfo is not None
    assert Delivery.objects.filter(due_at__lte=row.created_at).exists()


def test_the_whole_list_is_one_statement(subscribe, approved):
    for number in range(20):
        subscribe(f"p{number}")
    bulletin = approved()
    with CaptureQueriesContext(connection) as queries:
        add_recipients(bulletin)
    assert sum(query["sql"].startswith("INSERT") for query in queries) == 1


def test_recipients_are_those_of_what_was_approved(subscribe, topics, approved, officer):
    """Topics ticked after the approval don't count: nothing changes them but an edit, which takes it back."""
    subscribe("ada", "kites")
    subscribe("eve", "bells")
    bulletin = approved("kites")
    bulletin.topics.set([topics["bells"]])
    bulletin.save()
    workflow.perform("schedule", bulletin, officer)
    add_recipients(bulletin)
    assert recipients(bulletin) == {"ada"}


def test_the_count_by_topic_and_frequency(subscribe):
    subscribe("a", "kites")
    subscribe("b", "kites", "bells")
    subscribe("c", "whole", frequency="weekly")
    found = count_audience(AudienceRule(("immediate", "weekly"), ()))
    assert found.total == 3
    assert found.by_topic == [("The whole strategy", 1), ("Kites", 2), ("Bells", 1)]
    assert found.by_frequency == [("As it happens", 2), ("Once a week", 1)]

"""Consent is asked again at the moment of sending; what ends, ends; and the deliveries always add up."""

import contextlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.bulletins import delivery_stats, streams, workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.admin.decisions import NOT_SENT, SEND_AGAIN, settle_manually
from engagement.mail.message import Message, Skip
from engagement.mail.models import DeliveryState as Row
from engagement.mailing_list.links import UNSUBSCRIBE, read_permanent_token
from engagement.mailing_list.models import ConsentEvent, Subscription, Suppression

pytestmark = pytest.mark.pg


def row(bulletin):
    return Delivery.objects.get(bulletin=bulletin)


def test_the_mail_of_one_reader(subscribe, sending):
    person = subscribe("ada", "kites", "bells")
    message = streams.compose(row(sending("kites")))
    assert isinstance(message, Message)
    assert message.to == "ada@example.org"
    assert "You chose: Kites and Bells." in message.text
    assert "You asked for this bulletin about Kites and Bells, as it" in message.text
    token = message.headers["List-Unsubscribe"].strip("<>").rpartition("=")[2]
    assert person.address_hash.startswith(read_permanent_token(UNSUBSCRIBE, token))
    assert "⟦" not in message.text + message.html + "".join(message.headers.values())
    assert message.html.count("mailing-list/leave/") == 1


def change(person, how, topics):
    if how == "erased":
        person.delete()
    elif how == "emptied":
        Subscription.objects.filter(pk=person.pk).update(address="")
    elif how == "suppressed":
        Suppression.objects.create(address_hash=person.address_hash, reason="never")
    elif how == "topic":
        person.topics.set([topics["bells"]])
    elif how == "frequency":
        Subscription.objects.filter(pk=person.pk).update(frequency="weekly")
    else:
        Subscription.objects.filter(pk=person.pk).update(state=how)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("ended", "left"),
        ("expired", "left"),
        ("pending", "left"),
        ("paused", "paused"),
        ("erased", "erased"),
        ("emptied", "erased"),
        ("suppressed", "suppressed"),
        ("topic", "changed"),
        ("frequency", "changed"),
    ],
)
def test_who_changed_their_mind_meanwhile(subscribe, sending, topics, how, why):
    person = subscribe("ada", "kites")
    bulletin = sending("kites")
    change(person, how, topics)
    assert streams.compose(row(bulletin)) == Skip(why)


def test_other_topics_but_still_the_right_one(subscribe, sending, topics):
    person = subscribe("ada", "kites")
    bulletin = sending("kites")
    person.topics.set([topics["whole"]])
    assert "You chose: the whole strategy." in streams.compose(row(bulletin)).text


def test_nothing_of_a_cancelled_one(subscribe, sending, officer):
    subscribe("ada")
    bulletin = sending()
    delivery = row(bulletin)
    workflow.perform("cancel", bulletin, officer)
    assert streams.compose(delivery) == Skip("cancelled")


def test_nothing_of_a_cancelled_one_is_sent_again(subscribe, sending, officer, signed_in):
    """It isn’t offered; asked for by hand, it is refused with a word. Saying what became of it works."""
    subscribe("ada", "kites")
    bulletin = sending("kites")
    mail = row(bulletin)
    Delivery.objects.filter(pk=mail.pk).update(state=Row.UNKNOWN)
    client = signed_in("second", "Engagement officer")
    offer = f"send it again: {mail.uuid}"
    assert offer in client.get(reverse("email_delivery")).content.decode()
    workflow.perform("cancel", bulletin, officer)
    html = client.get(reverse("email_delivery")).content.decode()
    assert f"It was sent: {mail.uuid}" in html
    assert offer not in html
    data = {"stream": "bulletins", "email": mail.pk, "decision": SEND_AGAIN}
    html = client.post(reverse("email_delivery"), data, follow=True).content.decode()
    assert "It isn’t sent again: what it belongs to was cancelled" in html
    assert row(bulletin).state == Row.UNKNOWN
    settle_manually("bulletins", mail.pk, NOT_SENT, officer)
    assert row(bulletin).state == Row.FAILED


@pytest.mark.parametrize("days", [0, 30])
def test_a_retry_of_a_cancelled_one_is_settled(subscribe, sending, officer, days):
    """Cancelled between the look and the step: the row is settled, or its certificate would stay open."""
    subscribe("ada", "kites")
    bulletin = sending("kites")
    workflow.perform("cancel", bulletin, officer)
    Bulletin.objects.filter(pk=bulletin.pk).update(completed_at=timezone.now() - timedelta(days=days))
    Delivery.objects.filter(bulletin=bulletin).update(state=Row.PENDING, reason="", settled_at=None)
    streams.on_retry(row(bulletin))
    counts = delivery_stats.DeliveryCounts.of(bulletin)
    assert (counts.open, dict(counts.skipped)) == (0, {"cancelled": 1})


def test_what_cannot_wait_says_so_to_those_who_wanted_less(subscribe, sending):
    subscribe("ada", frequency="weekly")
    bulletin = sending(cannot_wait=True)
    text = " ".join(streams.compose(row(bulletin)).text.split())
    assert "once a week; this one can’t wait." in text


def test_each_email_is_one_query(subscribe, sending):
    for number in range(6):
        subscribe(f"p{number}", "kites")
    bulletin = sending("kites")
    rows = list(Delivery.objects.filter(bulletin=bulletin))
    streams.compose(rows[0])
    with CaptureQueriesContext(connection) as queries:
        for delivery in rows[1:]:
            streams.compose(delivery)
    assert len(queries) == len(rows) - 1


@pytest.mark.parametrize(("state", "reason"), [(Row.BOUNCED, "bounced"), (Row.COMPLAINED, "complained")])
def test_who_bounces_or_complains_is_off_the_list(subscribe, sending, state, reason):
    person = subscribe("ada")
    delivery = row(sending())
    delivery.state = state
    delivery.save()
    streams.on_settled(delivery)
    person.refresh_from_db()
    assert person.state == "ended"
    assert Suppression.objects.get(address_hash=person.address_hash).reason == reason
    assert ConsentEvent.objects.filter(subscription=person.uuid, action="ended").exists()


def test_a_report_after_the_end_counts(subscribe, sending, django_capture_on_commit_callbacks):
    subscribe("ada")
    bulletin = sending()
    delivery = row(bulletin)
    for state, expected in ((Row.ACCEPTED, "completed"), (Row.BOUNCED, "exceptions"), (Row.DELIVERED, "completed")):
        delivery.state = state
        delivery.save()
        with django_capture_on_commit_callbacks(execute=True):
            if state in streams.NOTIFY_ON:
                streams.on_settled(delivery)
        streams.run_maintenance()
        bulletin.refresh_from_db()
        assert bulletin.state == expected
    assert bulletin.completed_at is not None


# --- whatever the provider does --------------------------------------------------------------------

ANSWERS = st.sampled_from([Row.ACCEPTED, Row.FAILED, Row.RETRY, Row.UNKNOWN, Row.BOUNCED, Row.COMPLAINED])
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 5), ANSWERS),
        st.tuples(st.sampled_from(["leave", "erase", "pause-self"]), st.integers(0, 5), st.none()),
        st.tuples(st.sampled_from(["pause", "resume", "cancel", "keep"]), st.just(0), st.none()),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=HAPPENINGS)
def test_the_deliveries_add_up(subscribe, sending, officer, happenings, settings):
    settings.BULLETIN_PAUSE_MINIMUM = 4
    for table in (Delivery, Suppression, Subscription):
        table.objects.all().delete()
    people = [subscribe(f"p{number}") for number in range(6)]
    bulletin = fresh(sending)
    for what, number, answer in happenings:
        happen(bulletin, people, what, number, answer, officer)
        counts = delivery_stats.DeliveryCounts.of(bulletin)
        assert counts.total == bulletin.recipient_count == 6
        assert counts.open + counts.settled == counts.total
        bulletin.refresh_from_db()
        if bulletin.state in ("completed", "exceptions"):
            assert counts.open == 0
            assert (bulletin.state == "exceptions") == bool(counts.exceptions)
        if bulletin.state == "cancelled":
            assert counts.number(Row.PENDING, Row.CLAIMED, Row.RETRY) == 0


def fresh(sending):
    return sending(slug=f"kites-{Bulletin.objects.count()}")


def happen(bulletin, people, what, number, answer, officer):
    """One thing in the life of a bulletin: an email is tried, a person goes, staff press a button."""
    person = Subscription.objects.filter(pk=people[number].pk).first()
    if what == "send":
        waiting = streams.BULLETIN_STREAM.sendable(
            Delivery.objects.filter(bulletin=bulletin, state__in=(Row.PENDING, Row.RETRY))
        )
        delivery = waiting.first()
        if delivery:
            made = streams.compose(delivery)
            delivery.state = Row.SKIPPED if isinstance(made, Skip) else answer
            delivery.reason = made.reason if isinstance(made, Skip) else ""
            delivery.save()
            if delivery.state in streams.NOTIFY_ON:
                streams.on_settled(delivery)
    elif what == "keep":
        streams.run_maintenance()
    elif what in ("pause", "resume", "cancel"):
        with contextlib.suppress(workflow.TransitionError):
            workflow.perform(what, bulletin, officer)
    elif person and what == "erase":
        person.delete()
    elif person:
        person.state = "ended" if what == "leave" else "paused"
        person.save()

"""A person settles an email in doubt, after the bulletin was done with."""

from datetime import datetime

import pytest
from django.utils import timezone

from engagement.bulletins import streams, workflow
from engagement.bulletins.models import Bulletin, Delivery
from engagement.mail.admin.decisions import NOT_SENT, SEND_AGAIN, SENT, settle_group, settle_manually
from engagement.mail.admin.overview import unknown_groups
from engagement.mail.models import DeliveryState as Row


@pytest.fixture
def in_doubt(subscribe, sending):
    """A bulletin that was sent, with one of two mails in doubt."""
    subscribe("ada", "kites")
    subscribe("ben", "kites")
    bulletin = sending("kites")
    first, second = Delivery.objects.filter(bulletin=bulletin)
    Delivery.objects.filter(pk=first.pk).update(state=Row.ACCEPTED)
    Delivery.objects.filter(pk=second.pk).update(state=Row.UNKNOWN)
    streams.run_maintenance()
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.EXCEPTIONS
    return bulletin, second


@pytest.mark.parametrize(("decision", "state"), [(SENT, "completed"), (NOT_SENT, "exceptions")])
def test_a_decision_updates_the_bulletin(in_doubt, officer, django_capture_on_commit_callbacks, decision, state):
    bulletin, mail = in_doubt
    with django_capture_on_commit_callbacks(execute=True):
        assert settle_manually("bulletins", mail.pk, decision, officer)
    bulletin.refresh_from_db()
    assert bulletin.state == state


def test_sent_again_it_is_sent_by_a_bulletin_that_goes_on(in_doubt, officer):
    bulletin, mail = in_doubt
    settle_manually("bulletins", mail.pk, SEND_AGAIN, officer)
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.SENDING
    assert list(streams.BULLETIN_STREAM.sendable(Delivery.objects.filter(state=Row.PENDING))) == [mail]
    assert bulletin.events.last().action == "reopened"
    Delivery.objects.filter(pk=mail.pk).update(state=Row.ACCEPTED)
    streams.run_maintenance()
    bulletin.refresh_from_db()
    assert bulletin.state == Bulletin.State.COMPLETED


def test_the_mails_of_one_bulletin_are_settled_at_once(approved, subscribe, officer):
    """Those of another bulletin stay as they are."""
    for name in ("ada", "ben", "cleo"):
        subscribe(name)
    for slug in ("kites", "bells"):
        workflow.perform("schedule", approved(slug=slug, subject=f"On {slug}"), officer)
    streams.run_maintenance()
    Delivery.objects.update(state=Row.UNKNOWN, reason="lost-after-data", settled_at=timezone.now())
    groups = {group.name: group for group in unknown_groups()}
    assert {name: group.number for name, group in groups.items()} == {"On kites": 3, "On bells": 3}
    kites = groups["On kites"]
    last = datetime.fromisoformat(kites.last.isoformat())
    assert settle_group(kites.stream, str(kites.group), kites.reason, last, SEND_AGAIN, officer) == 3
    waiting = Delivery.objects.filter(state=Row.PENDING)
    assert {row.bulletin.slug for row in waiting} == {"kites"}
    assert Delivery.objects.filter(state=Row.UNKNOWN).count() == 3

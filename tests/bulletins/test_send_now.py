"""“Send now” asks once more, with the number of people, and sends nothing to nobody."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from engagement.bulletins import streams
from engagement.bulletins.models import Bulletin, BulletinEvent
from tests.bulletins.admin_forms import dashboard, press, send_now

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


@pytest.fixture
def officer_client(signed_in):
    return signed_in("second", "Engagement officer")


def state_of(bulletin):
    return Bulletin.objects.get(pk=bulletin.pk).state


def url(bulletin):
    return reverse("bulletin_send_now", args=[bulletin.pk])


def test_it_is_confirmed_with_the_number_of_people(officer_client, approved, subscribe):
    for number in range(3):
        subscribe(f"p{number}")
    bulletin = approved()
    page = BeautifulSoup(officer_client.get(dashboard(bulletin)).content, "html.parser")
    assert page.find("a", string="Send now")["href"] == url(bulletin)
    asked = BeautifulSoup(officer_client.get(url(bulletin)).content, "html.parser")
    assert "“Kites again” goes to 3 people at once." in asked.get_text()
    assert asked.find("button", string="Send it to 3 people")
    assert state_of(bulletin) == "approved"
    assert send_now(officer_client, bulletin).url == dashboard(bulletin)
    assert state_of(bulletin) == "scheduled"
    assert BulletinEvent.objects.get(action="scheduled").note.endswith(", confirmed for 3 recipients")
    streams.run_maintenance()
    assert Bulletin.objects.get(pk=bulletin.pk).recipient_count == 3


def test_without_a_confirmation_nothing_is_sent(officer_client, approved, subscribe):
    subscribe("ada")
    bulletin = approved()
    assert press(officer_client, bulletin, "schedule", now="on").status_code == 422
    for people in ("", "0", "-1", "x", "9" * 40):
        assert send_now(officer_client, bulletin, people=people).status_code == 422
    assert state_of(bulletin) == "approved"


def test_another_number_is_shown_anew(officer_client, approved, subscribe):
    for number in range(20):
        subscribe(f"p{number}")
    bulletin = approved()
    # Somebody left, and nobody needs to look again.
    assert send_now(officer_client, bulletin, people="21").status_code == 302
    bulletin = approved(slug="kites-twice")
    response = send_now(officer_client, bulletin, people="40")
    assert response.status_code == 422
    page = BeautifulSoup(response.content, "html.parser")
    assert "The number of recipients has changed." in page.get_text()
    assert page.find("input", {"name": "people"})["value"] == "20"
    assert state_of(bulletin) == "approved"


def test_nobody_gets_nothing(officer_client, approved, subscribe):
    subscribe("ada", state="paused")
    bulletin = approved()
    assert "Nobody would get it now" in officer_client.get(dashboard(bulletin)).content.decode()
    assert "it isn’t sent" in officer_client.get(url(bulletin), follow=True).content.decode()
    assert send_now(officer_client, bulletin, people="1").url == dashboard(bulletin)
    assert state_of(bulletin) == "approved"


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled", "sending", "cancelled"])
def test_only_what_is_approved(officer_client, approved, subscribe, state):
    subscribe("ada")
    bulletin = approved()
    Bulletin.objects.filter(pk=bulletin.pk).update(state=state)
    assert officer_client.get(url(bulletin)).url == dashboard(bulletin)
    assert send_now(officer_client, bulletin, people="1").url == dashboard(bulletin)
    assert state_of(bulletin) == state


def test_only_those_who_may_send(signed_in, approved, subscribe):
    subscribe("ada")
    bulletin = approved()
    for name, group in (("someone", "Content editor"), ("publisher", "Publisher"), ("analyst", "Analyst")):
        client = signed_in(name, group)
        assert client.get(url(bulletin)).url == reverse("wagtailadmin_home")
        send_now(client, bulletin, people="1")
    assert state_of(bulletin) == "approved"

"""Confirming by the link in the email."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.mailing_list import retention
from engagement.mailing_list.models import ConsentEvent, ConsentWording, Subscription, Token
from engagement.mailing_list.periodic_tasks import resume_and_expire
from tests.mailing_list.conftest import ADA, actions

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


def test_confirming_takes_a_press(ada):
    ada.sign_up(topics=["box-kites", "wind"])
    link = ada.link()
    page = ada.client.get(link)
    assert page.status_code == 200
    assert "Box kites" in page.text
    assert "once a week" in page.text
    assert ADA not in page.text
    assert ada.row().state == "pending"
    response = ada.client.post(link)
    assert (response.status_code, response["Location"]) == (302, "/mailing-list/confirmed/")
    assert (ada.row().state, actions()) == ("active", ["requested", "confirmed"])
    assert ada.row().confirmed_at


def test_a_used_link_says_so(ada):
    ada.sign_up()
    link = ada.link()
    ada.client.post(link)
    for response in (ada.client.get(link), ada.client.post(link)):
        assert response.status_code == 410
        assert "used already" in response.text
    assert actions() == ["requested", "confirmed"]


def test_what_is_confirmed_are_the_words_that_were_seen(ada, monkeypatch):
    ada.sign_up()
    seen = ConsentWording.objects.get()
    link = ada.link()
    # The text changes before the link is used.
    newer = ConsentWording.objects.create(name=seen.name, version=2, text="Other words", sha256="0" * 64)
    monkeypatch.setattr("engagement.mailing_list.consent_wording.fingerprint", lambda: newer.sha256)
    ada.client.post(link)
    assert ConsentEvent.objects.get(action="confirmed").wording == seen


def test_a_link_works_for_seven_days_from_its_own_mail(ada):
    """The server put the mail off for two days: the one that arrives is no older than itself."""
    ada.sign_up()
    ada.mail()
    ago = timezone.now() - timedelta(days=8)
    Subscription.objects.update(created_at=ago)
    Token.objects.update(created_at=ago, expires_at=ago + timedelta(days=7))
    link = ada.link()
    assert resume_and_expire() == "0 resumed, 0 expired."
    assert retention.run(dry_run=True)["sign-ups that nobody confirmed have expired"] == 0
    assert ada.client.get(link).status_code == 200
    Token.objects.update(expires_at=timezone.now())
    assert resume_and_expire() == "0 resumed, 1 expired."


def test_an_expired_link_says_so(ada):
    ada.sign_up()
    link = ada.link()
    Token.objects.update(expires_at=timezone.now())
    for response in (ada.client.get(link), ada.client.post(link)):
        assert response.status_code == 410
        assert "more than seven days old" in response.text
    assert ada.row().state == "pending"

"""Confirming by the link in the email."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.mailing_list import links, retention, subscription_service
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


def test_a_used_link_says_that_all_is_well(ada):
    ada.sign_up()
    link = ada.link()
    ada.client.post(link)
    for response in (ada.client.get(link), ada.client.post(link)):
        assert response.status_code == 200
        assert "You are on the list" in response.text
        assert "All is well" in response.text
        assert "doesn’t work" not in response.text
    assert actions() == ["requested", "confirmed"]


def test_a_used_link_says_how_things_stand_now(ada):
    ada.sign_up()
    first, second = ada.link(), ada.link()
    ada.client.post(second)
    subscription_service.pause(ada.row(), in_nine_days(), subscription_service.Evidence("web"))
    # The other link to the same subscription as well.
    for link in (first, second):
        assert "Your emails are paused until" in ada.client.get(link).text
    # Leaving deletes links to confirm that are left; one that a restored backup brings back is as calm.
    subscription_service.unsubscribe(ada.row(), subscription_service.Evidence("web"))
    token = links.create_token(ada.row(), Token.Purpose.CONFIRM)
    page = ada.client.get(links.path_with_token("confirm", token))
    assert page.status_code == 200
    assert "You confirmed, and have left since" in page.text


def test_a_link_that_is_forgotten_frightens_nobody(ada):
    ada.sign_up()
    link = ada.link()
    ada.client.post(link)
    Token.objects.all().delete()
    page = ada.client.get(link)
    assert page.status_code == 404
    assert "If you pressed its button before, it worked" in page.text


@pytest.mark.parametrize("action", ["leave", "undo", "resume", "save"])
def test_a_button_pressed_twice_says_what_it_did(ada, action):
    row, proof = ada.subscribe(), subscription_service.Evidence("web")
    if action == "resume":
        subscription_service.pause(row, in_nine_days(), proof)
    if action == "undo":
        subscription_service.unsubscribe(row, proof)
    ada.request_link()
    link = ada.link()
    data = {"do": action, "topics": ["wind"], "frequency": "monthly"}
    first, second = (ada.client.post(link, data)["Location"] for _ in range(2))
    assert first == second
    assert "nothing" not in second


def test_erasing_twice_says_that_it_is_done(ada):
    ada.subscribe()
    ada.request_link()
    link = ada.link().replace("/manage/", "/manage/erase/")
    assert ada.client.post(link).status_code == 302
    again = ada.client.post(link)
    assert again.status_code == 404
    assert "If you erased what we hold about you, this is how it should be" in " ".join(again.text.split())


def in_nine_days():
    return timezone.localdate() + timedelta(days=9)


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

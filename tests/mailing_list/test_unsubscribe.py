"""Unsubscribing by the permanent link, and undoing it."""

import pytest
from django.test import Client
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import subscription_service
from engagement.mailing_list.forms import months_from_today
from engagement.mailing_list.links import path_with_token
from engagement.mailing_list.models import Subscription, Suppression
from tests.mailing_list.conftest import ADA, actions, leave_path

pytestmark = [pytest.mark.django_db, pytest.mark.pg]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_leaving_takes_a_press_and_leads_to_fewer_mails(ada):
    ada.subscribe()
    page = ada.client.get(leave_path())
    assert page.status_code == 200
    assert ada.row().state == "active"
    response = ada.client.post(leave_path(), {"button": "1"})
    assert response.status_code == 302
    assert (ada.row().state, ada.row().end_reason) == ("ended", "asked")
    assert Suppression.objects.get().reason == "left"
    after = ada.client.get(response["Location"])
    assert "Email me at most once a month" in after.text
    assert ADA not in after.text


def test_one_click_is_answered_at_once_and_may_come_twice(ada):
    ada.subscribe()
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(leave_path(), ONE_CLICK)
        assert response.status_code == 200
        assert not response.cookies
    assert ada.row().state == "ended"
    assert actions() == ["requested", "confirmed", "ended"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", "text/plain"),
        (b"", "application/octet-stream"),
        (b"\xff\xfe\0", "application/x-www-form-urlencoded"),
        (b"x" * 1_000_000, "text/plain"),
        (b"List-Unsubscribe=One-Click", "multipart/form-data"),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded"),
        (b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_one_click_works_however_a_mail_program_sends_it(ada, body, content_type):
    ada.subscribe()
    assert Client().generic("POST", leave_path(), body, content_type).status_code == 200
    assert ada.row().state == "ended"


def test_leaving_works_with_another_secret_key_and_a_newer_link_key(ada, settings):
    ada.subscribe()
    path = leave_path()
    settings.SECRET_KEY = "another-key-altogether"
    settings.LINK_KEYS = ["a-newer-link-key", *settings.LINK_KEYS]
    assert Client().post(path, ONE_CLICK).status_code == 200
    assert ada.row().state == "ended"


def test_leaving_works_when_every_row_about_it_is_gone(ada):
    ada.subscribe()
    path = leave_path()
    Subscription.objects.all().delete()
    TransactionalEmail.objects.all().delete()
    assert Client().post(path, ONE_CLICK).status_code == 200
    # What was agreed once still names the address, so no import brings it back.
    assert Suppression.objects.get().address_hash == address_hash(ADA)
    assert Client().get(path).status_code == 200


def test_leaving_is_the_same_for_an_address_nobody_has_heard_of(ada):
    path = leave_path("nobody@example.org")
    assert Client().post(path, ONE_CLICK).status_code == 200
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("instead", "state", "frequency"),
    [("all", "active", "weekly"), ("monthly", "active", "monthly"), ("pause", "paused", "weekly")],
)
def test_leaving_can_be_taken_back_for_less(ada, instead, state, frequency):
    ada.subscribe()
    ada.client.post(leave_path(), ONE_CLICK)
    token = leave_path().split("t=")[1]
    response = ada.client.post(path_with_token("undo_unsubscribe", token), {"instead": instead})
    assert response.status_code == 302
    assert (ada.row().state, ada.row().frequency) == (state, frequency)
    assert not Suppression.objects.exists()
    assert "undone" in actions()
    # Pressed twice, it says the same, and does no more.
    before = actions()
    response = ada.client.post(path_with_token("undo_unsubscribe", token), {"instead": "monthly"})
    assert response["Location"] == "/mailing-list/back/"
    assert (ada.row().state, ada.row().frequency, actions()) == (state, frequency, before)


def test_hearing_less_is_never_hearing_more(ada):
    ada.sign_up(frequency="monthly")
    ada.client.post(ada.link())
    ada.client.post(leave_path(), ONE_CLICK)
    ada.client.post(path_with_token("undo_unsubscribe", leave_path().split("t=")[1]), {"instead": "weekly"})
    assert (ada.row().state, ada.row().frequency) == ("active", "monthly")


def test_a_pause_instead_of_leaving_shortens_no_pause(ada):
    long = months_from_today(10)
    subscription_service.pause(ada.subscribe(), long, subscription_service.Evidence("web"))
    ada.client.post(leave_path(), ONE_CLICK)
    ada.client.post(path_with_token("undo_unsubscribe", leave_path().split("t=")[1]), {"instead": "pause"})
    assert (ada.row().state, ada.row().paused_until) == ("paused", long)


def test_leaving_cannot_be_taken_back_after_a_day(ada):
    ada.subscribe()
    ada.client.post(leave_path(), ONE_CLICK)
    Subscription.objects.update(ended_at=timezone.now() - subscription_service.UNDO_WITHIN)
    token = leave_path().split("t=")[1]
    assert "take it back" not in ada.client.get(path_with_token("unsubscribed", token)).text
    assert ada.client.post(path_with_token("undo_unsubscribe", token)).status_code == 410
    assert ada.row().state == "ended"


def test_no_bounce_is_undone(ada):
    ada.subscribe()
    assert subscription_service.end_for_bounce(address_hash(ADA)) == 1
    token = leave_path().split("t=")[1]
    assert ada.client.post(path_with_token("undo_unsubscribe", token)).status_code == 410
    assert Suppression.objects.get().reason == "bounced"


def test_who_never_confirmed_is_not_let_in_by_undoing(ada):
    ada.sign_up()
    ada.mail()
    ada.client.post(leave_path(), ONE_CLICK)
    assert ada.row().state == "ended"
    assert ada.client.post(path_with_token("undo_unsubscribe", leave_path().split("t=")[1])).status_code == 410

"""Links from mails: confirming, leaving, coming back; forged, used, expired and truncated ones."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mailing_list import retention, subscription_service
from engagement.mailing_list.forms import months_from_today
from engagement.mailing_list.links import PREFERENCES_LINK, UNSUBSCRIBE, path_with_token, permanent_token, permanent_url
from engagement.mailing_list.models import ConsentEvent, ConsentWording, Subscription, Suppression, Token
from engagement.mailing_list.periodic_tasks import resume_and_expire
from tests.mailing_list.conftest import ADA

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORGED = ["", "x", "A" * 43, "A" * 42, "é" * 43, "\0", "A" * 100_000, "%ff%fe", "../../etc"]


def leave_path(address: str = ADA) -> str:
    return permanent_url(UNSUBSCRIBE, address_hash(address)).removeprefix("http://testserver")


def actions(address: str = ADA) -> list[str]:
    return list(ConsentEvent.objects.filter(address_hash=address_hash(address)).values_list("action", flat=True))


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


PAGES = [
    *("confirm", "preferences", "unsubscribe", "preferences_link", "unsubscribed"),
    *("your_data", "download_data", "erase"),
]
TOKEN_OF_NOBODY = "A" * 43


# Every page with one token, and every kind of token on one page: all pages read tokens in the same place.
@pytest.mark.parametrize(
    ("name", "token"), [*((name, TOKEN_OF_NOBODY) for name in PAGES), *(("preferences", token) for token in FORGED)]
)
def test_a_forged_link_gets_a_page_that_helps(ada, name, token):
    path = path_with_token(name, "").split("?")[0]
    for response in (ada.client.get(path, {"t": token}), ada.client.get(path)):
        assert response.status_code == 404
        assert "What you can do" in response.text
    answer = ada.client.post(f"{path}?t={token[:200]}")
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("cut", [1, 10, 42])
def test_a_truncated_link_is_not_taken_for_a_whole_one(ada, cut):
    ada.sign_up()
    assert ada.client.post(ada.link()[:-cut]).status_code == 404
    assert ada.row().state == "pending"


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


def test_a_link_for_one_purpose_is_good_for_no_other(ada):
    ada.sign_up()
    token = ada.link().split("t=")[1]
    assert ada.client.get(path_with_token("preferences", token)).status_code == 404
    assert (
        ada.client.get(path_with_token("unsubscribe", permanent_token(PREFERENCES_LINK, address_hash(ADA)))).status_code
        == 404
    )


def test_only_what_a_token_hashes_to_is_kept(ada):
    ada.sign_up()
    token = ada.link().split("t=")[1]
    kept = Token.objects.get()
    assert token not in str(vars(kept))
    assert token not in str([vars(mail) for mail in TransactionalEmail.objects.all()])


@pytest.mark.parametrize("name", ["confirm", "preferences", "unsubscribe", "preferences_link", "unsubscribed"])
def test_pages_behind_links_are_told_to_nobody(ada, name):
    response = ada.client.get(path_with_token(name, "x"))
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


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
    assert "Write to me once a month" in after.text
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
    # Once.
    assert ada.client.post(path_with_token("undo_unsubscribe", token), {"instead": "all"}).status_code == 410


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


def test_the_permanent_link_to_choices_shows_nothing_and_mails_a_link(ada):
    ada.subscribe()
    path = permanent_url(PREFERENCES_LINK, address_hash(ADA)).removeprefix("http://testserver")
    before = TransactionalEmail.objects.count()
    page = ada.client.get(path)
    assert page.status_code == 200
    assert ADA not in page.text
    assert TransactionalEmail.objects.count() == before
    response = ada.client.post(path)
    assert response["Location"] == "/mailing-list/link/sent/"
    assert ada.link().startswith("/mailing-list/manage/")
    # The same answer where nothing is left.
    nobody = permanent_url(PREFERENCES_LINK, address_hash("nobody@example.org")).removeprefix("http://testserver")
    assert ada.client.post(nobody)["Location"] == response["Location"]

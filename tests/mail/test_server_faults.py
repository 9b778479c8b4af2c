"""Everything a mail server can do to an email ends in the documented state (decision 37)."""

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
import requests
from anymail import exceptions as anymail
from anymail.message import AnymailStatus
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend

from engagement.mail import transactional
from engagement.mail.models import DeliveryState, RateLimit, TransactionalEmail
from engagement.mail.transports.backends import NotWritten, outcome_of_error
from tests.mail.harness import reconcile

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


def one(kind="plain", address="reader@example.org"):
    return transactional.queue_email(kind, address, object_id="one")


def after(row):
    row.refresh_from_db()
    return row.state, row.reason


@pytest.mark.parametrize(
    ("stage", "say", "state", "reason", "back_off"),
    [
        ("mail", "421 4.7.0 Too many", DeliveryState.RETRY, "put-off", True),
        ("mail", "450 4.1.8 Later", DeliveryState.RETRY, "put-off", True),
        ("mail", "451 4.3.0 Local error", DeliveryState.RETRY, "put-off", True),
        ("mail", "454 4.7.0 Not now", DeliveryState.RETRY, "put-off", True),
        ("mail", "530 5.7.0 Log in", DeliveryState.RETRY, "not-let-in", True),
        ("mail", "503 5.5.1 What?", DeliveryState.RETRY, "strange-answer", True),
        ("mail", "550 5.7.1 Not you", DeliveryState.FAILED, "refused-sender", False),
        ("mail", "552 5.3.4 Too big", DeliveryState.FAILED, "refused-sender", False),
        ("mail", "drop", DeliveryState.RETRY, "lost-before-data", True),
        ("mail", "silence", DeliveryState.RETRY, "lost-before-data", True),
        ("rcpt", "421 4.7.0 Closing", DeliveryState.RETRY, "put-off", True),
        ("rcpt", "450 4.2.0 Greylisted", DeliveryState.RETRY, "put-off", False),
        ("rcpt", "451 4.7.1 Try again", DeliveryState.RETRY, "put-off", True),
        ("rcpt", "550 5.1.1 No such user", DeliveryState.FAILED, "no-mailbox", False),
        ("rcpt", "550 No such user", DeliveryState.FAILED, "refused-address", False),
        ("rcpt", "550 5.1.11 Not 550 5.1.1", DeliveryState.FAILED, "refused-address", False),
        ("rcpt", "552 5.2.2 Full", DeliveryState.FAILED, "mailbox-full", False),
        ("rcpt", "554 5.7.1 Refused", DeliveryState.FAILED, "refused-policy", False),
        ("rcpt", "drop", DeliveryState.RETRY, "lost-before-data", True),
        ("rcpt", "silence", DeliveryState.RETRY, "lost-before-data", True),
        ("data", "421 4.7.0 Closing", DeliveryState.RETRY, "put-off", True),
        ("data", "451 4.3.0 Not now", DeliveryState.RETRY, "put-off", True),
        ("data", "554 5.5.1 No", DeliveryState.FAILED, "refused-mail", False),
        ("data", "drop", DeliveryState.RETRY, "lost-before-data", True),
        ("data", "250 Strange", DeliveryState.RETRY, "strange-answer", True),
        ("content", "421 4.3.2 Closing", DeliveryState.RETRY, "put-off", True),
        ("content", "450 4.2.0 Later", DeliveryState.RETRY, "put-off", False),
        ("content", "451 4.3.0 Disk", DeliveryState.RETRY, "put-off", True),
        ("content", "452 4.3.1 Full", DeliveryState.RETRY, "put-off", False),
        ("content", "550 5.7.1 Spam", DeliveryState.FAILED, "refused-mail", False),
        ("content", "552 5.3.4 Too big", DeliveryState.FAILED, "refused-mail", False),
        ("content", "554 5.6.0 No", DeliveryState.FAILED, "refused-mail", False),
        ("content", "550 5.1.1 No such user", DeliveryState.FAILED, "no-mailbox", False),
        ("content", "drop", DeliveryState.UNKNOWN, "lost-after-data", False),
        ("content", "keep and drop", DeliveryState.UNKNOWN, "lost-after-data", False),
        ("content", "keep and silence", DeliveryState.UNKNOWN, "lost-after-data", False),
    ],
)
def test_a_server_that_misbehaves(plain, drain, by_smtp, settings, stage, say, state, reason, back_off):
    if "silence" in say:
        settings.EMAIL_TIMEOUT = 2
        settings.MAIL_WORKER = settings.MAIL_WORKER | {"content_timeout": 2}
    by_smtp.behave(stage, say)
    row = one()
    assert drain() == 0
    assert after(row) == (state, reason)
    assert "@" not in row.response
    if say[0].isdigit():
        assert row.response.startswith(say[:3])
    bucket = RateLimit.objects.get()
    assert bool(bucket.blocked_until) == back_off
    kept = say.startswith("keep")
    assert len(by_smtp.received()) == kept
    # Once the server is well, what is to be tried again arrives once, and nothing else goes out.
    by_smtp.well()
    settings.EMAIL_TIMEOUT = 30
    arrives = state == DeliveryState.RETRY
    assert drain(later=True) == arrives
    assert after(row) == ((DeliveryState.ACCEPTED, "") if arrives else (state, reason))
    assert len(by_smtp.received()) == arrives + kept


def test_a_server_that_refuses_everybody_stops_the_sending(plain, drain, by_smtp):
    """A mistake in our own sender must not use up the whole list: after three, all wait."""
    by_smtp.behave("mail", "550 5.7.1 Not you")
    for number in range(10):
        transactional.queue_email("plain", f"reader{number}@example.org")
    drain()
    assert TransactionalEmail.objects.filter(state=DeliveryState.FAILED, reason="refused-sender").count() == 3
    assert RateLimit.objects.get().blocked_until
    assert TransactionalEmail.objects.filter(state=DeliveryState.PENDING, attempts=0, claimed_by="").count() == 7


def unknown_count():
    return TransactionalEmail.objects.filter(state=DeliveryState.UNKNOWN, attempts=1).count()


@pytest.mark.parametrize("say", ["drop", "keep and drop"])
def test_a_server_that_loses_everything_after_the_content_stops_the_sending(plain, drain, by_smtp, say):
    """Each mail unknown is work for a person: after three in a row all wait, and then each wait costs one."""
    by_smtp.behave("content", say)
    for number in range(12):
        transactional.queue_email("plain", f"reader{number}@example.org")
    assert drain() == 0
    assert unknown_count() == 3
    assert RateLimit.objects.get().last_error.startswith("lost-after-data")
    # The wait is over, and the server isn't well: whichever worker looks, one email finds that out.
    RateLimit.objects.update(blocked_until=None)
    assert drain() == 0
    assert unknown_count() == 4
    assert RateLimit.objects.get().setback_count == 2
    assert TransactionalEmail.objects.filter(state=DeliveryState.PENDING, attempts=0, claimed_by="").count() == 8
    by_smtp.well()
    assert drain(later=True) == 8
    assert unknown_count() == 4
    assert reconcile(TransactionalEmail.objects.all(), by_smtp).faults == []
    assert RateLimit.objects.get().setback_count == 0


def test_refused_addresses_in_between_do_not_make_it_well(plain, drain, by_smtp):
    """Only an email that was taken shows that the server takes mails."""
    refuse = {"stage": "rcpt", "say": "550 5.1.1 No such user", "times": -1, "only": "bad"}
    by_smtp.write([refuse, {"stage": "content", "say": "drop", "times": -1, "only": ""}])
    for number in range(6):
        transactional.queue_email("plain", f"bad{number}@example.org")
        transactional.queue_email("plain", f"reader{number}@example.org")
    assert drain() == 0
    assert unknown_count() == 3
    assert TransactionalEmail.objects.filter(state=DeliveryState.PENDING).count() == 6


def test_mails_unknown_count_now_and_then_hold_nobody_up(plain, drain, by_smtp):
    """Two are lost, one goes through, two are lost: that may be the mails."""
    lost = {"stage": "content", "say": "drop", "times": -1, "only": "lost"}
    by_smtp.write([lost])
    for number in range(3):
        for name in ("lost-a", "lost-b", "kept"):
            transactional.queue_email("plain", f"{name}{number}@example.org")
    assert drain() == 3
    assert unknown_count() == 6
    assert not RateLimit.objects.exclude(blocked_until=None).exists()


def test_a_provider_that_never_answers_stops_the_sending(plain, drain, settings, monkeypatch):
    """The same by a provider's interface."""

    def silent(self, messages):
        raise TimeoutError

    monkeypatch.setattr(Provider, "send_messages", silent)
    monkeypatch.setattr("tests.mail.provider.EmailBackend", Provider, raising=False)
    settings.EMAIL_BACKEND = "tests.mail.provider.EmailBackend"
    for number in range(10):
        transactional.queue_email("plain", f"reader{number}@example.org")
    assert drain() == 0
    assert unknown_count() == 3
    assert TransactionalEmail.objects.filter(state=DeliveryState.PENDING, attempts=0, claimed_by="").count() == 7


def test_a_server_that_is_gone_for_a_while(plain, drain, by_smtp):
    """No mail is touched while nobody answers: none fails, however long it takes."""
    first = one()
    assert drain() == 1
    by_smtp.stop()
    rows = [one() for _ in range(3)]
    assert drain() == 0
    assert {after(row) for row in rows} == {(DeliveryState.PENDING, "")}
    assert {row.attempts for row in rows} == {0}
    assert RateLimit.objects.get().last_error.startswith("no-connection")
    by_smtp.start()
    assert drain(later=True) == 3
    assert {after(row) for row in [first, *rows]} == {(DeliveryState.ACCEPTED, "")}
    assert reconcile(TransactionalEmail.objects.all(), by_smtp).faults == []
    assert RateLimit.objects.get().last_error == ""


def test_patience_grows_and_ends(plain, drain, by_smtp, settings):
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"back_off_first": 10, "back_off_max": 60}
    by_smtp.behave("mail", "421 4.7.0 Too many")
    one()
    waits = []
    for _ in range(5):
        RateLimit.objects.update(blocked_until=None)
        TransactionalEmail.objects.update(due_at=TransactionalEmail.objects.get().created_at)
        drain()
        bucket = RateLimit.objects.get()
        waits.append((bucket.blocked_until - TransactionalEmail.objects.get().sending_at).total_seconds())
    # A slow machine takes a moment between the two.
    assert all(due <= wait < due + 8 for wait, due in zip(waits, [10, 20, 40, 60, 60], strict=True)), waits


def test_a_mail_is_given_up_after_so_many_attempts(plain, drain, by_smtp, settings):
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"max_attempts": 4}
    by_smtp.behave("rcpt", "450 4.2.0 Later")
    row = one()
    drain(later=True)
    assert after(row) == (DeliveryState.FAILED, "gave-up")
    assert row.attempts == 4
    assert row.response.startswith("450")


def test_a_mail_that_waited_for_long_is_tried_as_often_as_any(plain, drain, by_smtp):
    """Its bulletin was paused for a month, say: a server that says "come back" is gone back to."""
    by_smtp.behave("rcpt", "450 4.2.0 Greylisted", times=2)
    row = one()
    TransactionalEmail.objects.update(created_at=row.created_at - timedelta(days=30))
    assert drain(later=True) == 1
    assert after(row) == (DeliveryState.ACCEPTED, "")


def test_one_bad_address_among_many(plain, drain, by_smtp):
    """The connection is used on after a refusal, for the others."""
    rows = [transactional.queue_email("plain", f"{name}@example.org") for name in ("one", "bad", "two", "three")]
    by_smtp.behave("rcpt", "550 5.1.1 No such user", only="bad@")
    assert drain() == 3
    assert [after(row)[0] for row in rows] == [
        DeliveryState.ACCEPTED,
        DeliveryState.FAILED,
        DeliveryState.ACCEPTED,
        DeliveryState.ACCEPTED,
    ]
    assert [address for address, _ in by_smtp.received()] == [f"{n}@example.org" for n in ("one", "two", "three")]


@pytest.mark.parametrize("say", ["421 4.7.0 Enough for one connection", "drop"])
def test_a_connection_that_has_carried_enough(plain, drain, by_smtp, say):
    """Servers end connections after some mails: the next goes over a new one, and nobody waits."""
    compose = transactional._composers["plain"]

    def second_is_on_a_used_connection(mail):
        if mail.object_id == "second":
            by_smtp.behave("mail", say, times=1)
        return compose(mail)

    transactional._composers["plain"] = second_is_on_a_used_connection
    rows = [
        transactional.queue_email("plain", "reader@example.org", object_id=about)
        for about in ("first", "second", "third")
    ]
    assert drain() == 3
    assert {after(row) for row in rows} == {(DeliveryState.ACCEPTED, "")}
    assert {row.attempts for row in rows} == {1}
    assert not RateLimit.objects.exclude(blocked_until=None).exists()


class Answer(SimpleNamespace):
    reason, text = "Reason", "canary@example.org is unknown here"

    def json(self):
        raise ValueError


def of_api(status):
    return anymail.AnymailRequestsAPIError("no", response=Answer(status_code=status))


def of_network(cause):
    kind = type("Api", (anymail.AnymailRequestsAPIError, type(cause)), {})
    return kind(str(cause))


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "state", "reason", "back_off"),
    [
        (of_api(429), DeliveryState.RETRY, "put-off", True),
        (of_api(500), DeliveryState.RETRY, "put-off", True),
        (of_api(503), DeliveryState.RETRY, "put-off", True),
        (of_api(502), DeliveryState.UNKNOWN, "no-answer", False),
        (of_api(504), DeliveryState.UNKNOWN, "no-answer", False),
        (of_api(400), DeliveryState.FAILED, "refused-mail", False),
        (of_api(422), DeliveryState.FAILED, "refused-mail", False),
        (of_api(401), DeliveryState.RETRY, "not-let-in", True),
        (of_api(402), DeliveryState.RETRY, "not-let-in", True),
        (of_api(420), DeliveryState.RETRY, "put-off", True),
        (of_api(403), DeliveryState.RETRY, "not-let-in", True),
        (of_api(200), DeliveryState.UNKNOWN, "strange-answer", False),
        (of_network(requests.ReadTimeout("slow")), DeliveryState.UNKNOWN, "no-answer", False),
        (of_network(requests.ConnectTimeout("nobody")), DeliveryState.RETRY, "no-connection", True),
        (of_network(requests.ConnectionError("('Connection aborted.')")), DeliveryState.UNKNOWN, "no-answer", False),
        (
            of_network(requests.ConnectionError("NewConnectionError(refused)")),
            DeliveryState.RETRY,
            "no-connection",
            True,
        ),
        (anymail.AnymailRecipientsRefused(), DeliveryState.FAILED, "refused-address", False),
        (anymail.AnymailConfigurationError("no key"), DeliveryState.RETRY, "not-let-in", True),
        (anymail.AnymailUnsupportedFeature("two senders"), DeliveryState.FAILED, "bad-message", False),
        (ConnectionRefusedError(), DeliveryState.RETRY, "no-connection", True),
        (NotWritten(28, "No space"), DeliveryState.RETRY, "no-connection", True),
        (TimeoutError(), DeliveryState.UNKNOWN, "no-answer", False),
        (smtplib.SMTPServerDisconnected("gone"), DeliveryState.UNKNOWN, "no-answer", False),
        (RuntimeError("nobody thought of it"), DeliveryState.UNKNOWN, "no-answer", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_the_errors_of_providers_mean(error, state, reason, back_off):
    outcome = outcome_of_error(error)
    assert (outcome.state, outcome.reason, outcome.back_off) == (state, reason, back_off)
    assert "canary" not in outcome.response


class Provider(LocmemBackend):
    """Takes mail as a provider does."""

    status = "queued"

    def send_messages(self, messages):
        for message in messages:
            message.anymail_status = AnymailStatus()
            recipients = {address: SimpleNamespace(message_id="p-1", status=self.status) for address in message.to}
            message.anymail_status.set_recipient_status(recipients)
        return super().send_messages(messages)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("queued", (DeliveryState.ACCEPTED, "")), ("rejected", (DeliveryState.FAILED, "refused-address"))],
)
def test_what_a_provider_calls_the_mail_is_kept(plain, drain, settings, monkeypatch, mailoutbox, status, expected):
    monkeypatch.setattr(Provider, "status", status)
    monkeypatch.setattr("tests.mail.provider.EmailBackend", Provider, raising=False)
    settings.EMAIL_BACKEND = "tests.mail.provider.EmailBackend"
    row = one()
    drain()
    assert after(row) == expected
    assert row.provider_message_id == ("p-1" if expected[0] == DeliveryState.ACCEPTED else "")
    assert mailoutbox[0].metadata == {"mail": str(row.uuid)}
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{row.uuid}@testserver>"

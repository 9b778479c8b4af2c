"""A server that refuses us, and not the people we write to: few emails fail for it, and those are sent again."""

import re

import pytest
from anymail import exceptions as anymail
from django.contrib.auth.models import Group
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.test import Client
from django.urls import reverse

from engagement.mail import transactional
from engagement.mail.admin.overview import warnings
from engagement.mail.models import DeliveryState, RateLimit, TransactionalEmail
from engagement.mail.streams import STREAMS, MessageStream
from engagement.mail.transports.refusals import refusal_reason
from engagement.mail.worker import Worker
from nelis.core.models import User
from tests.mail.harness import reconcile

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.pg]


def queue(count, kind="plain"):
    return [transactional.queue_email(kind, f"reader{number}@example.org") for number in range(count)]


def states():
    rows = TransactionalEmail.objects.values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def the_wait_is_over():
    RateLimit.objects.update(blocked_until=None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("stage", "response", "reason"),
    [
        ("mail", "550 5.1.1 No", "refused-sender"),
        ("rcpt", "553 5.1.8 Sender domain not found", "refused-sender"),
        ("rcpt", "550 5.1.1 No such user", "no-mailbox"),
        ("content", "550 5.1.1 No such user", "no-mailbox"),
        ("rcpt", "556 5.1.10 Takes no mail", "no-mailbox"),
        ("rcpt", "550 5.1.11 Not 550 5.1.1", "refused-address"),
        ("rcpt", "550 5.2.1 Mailbox disabled", "refused-address"),
        ("rcpt", "550 5.4.1 Recipient address rejected", "refused-address"),
        ("rcpt", "550 No such user here", "refused-address"),
        ("rcpt", "550-No such\nuser", "refused-address"),
        ("rcpt", "556 Nothing", "refused-address"),
        ("rcpt", "552 5.2.2 Full", "mailbox-full"),
        ("rcpt", "552 Full", "mailbox-full"),
        ("rcpt", "550 5.7.1 quota exceeded", "refused-policy"),
        ("rcpt", "550 5.7.1 Recipient refused: relaying denied", "refused-policy"),
        ("rcpt", "550 5.4.5 Daily user sending quota exceeded", "refused-policy"),
        ("rcpt", "550 5.1.90 Your message can't be sent", "refused-policy"),
        ("rcpt", "550 Daily user sending limit exceeded", "refused-policy"),
        ("rcpt", "554 Your IP address is blocked", "refused-policy"),
        ("rcpt", "550", "refused-policy"),
        ("data", "554 5.5.1 No valid recipients", "refused-mail"),
        ("content", "550 5.7.1 Spam", "refused-mail"),
        ("content", "554 Refused", "refused-mail"),
    ],
)
def test_why_an_email_is_refused(stage, response, reason):
    assert refusal_reason(stage, response) == reason


@pytest.mark.parametrize(
    ("stage", "say"),
    [
        ("rcpt", "550 5.7.1 quota exceeded"),
        pytest.param("rcpt", "550 5.4.5 Daily user sending quota exceeded", marks=pytest.mark.slow),
        pytest.param("rcpt", "554 Your IP address is blocked", marks=pytest.mark.slow),
        pytest.param("mail", "550 5.7.1 Sender rejected", marks=pytest.mark.slow),
        pytest.param("data", "554 5.7.0 Account suspended", marks=pytest.mark.slow),
        pytest.param("content", "550 5.7.1 Message rejected by policy", marks=pytest.mark.slow),
    ],
)
def test_an_account_that_is_refused(plain, drain, by_smtp, stage, say):
    """Three fail, all wait, each wait costs one email an attempt; once all is well, everybody gets it once."""
    by_smtp.behave(stage, say)
    queue(20)
    assert drain() == 0
    assert states() == {DeliveryState.FAILED: 3, DeliveryState.PENDING: 17}
    assert "refuses us, and all email waits" in warnings()[0]
    for wait in (1, 2, 3):
        the_wait_is_over()
        assert drain() == 0
        assert states() == {DeliveryState.FAILED: 3, DeliveryState.RETRY: wait, DeliveryState.PENDING: 17 - wait}
    assert RateLimit.objects.get().setback_count == 4
    by_smtp.well()
    assert drain(later=True) == 17
    assert states() == {DeliveryState.FAILED: 3, DeliveryState.ACCEPTED: 17}
    assert warnings() == []
    send_refused_again()
    assert drain() == 3
    result = reconcile(TransactionalEmail.objects.all(), by_smtp)
    assert (result.faults, result.states) == ([], {DeliveryState.ACCEPTED: 20})
    assert sum(result.received.values()) == 20


def send_refused_again():
    """As an officer does, with the button of the page."""
    client = Client()
    user = User.objects.create_user("olga", "olga@example.org", "a long password")
    user.groups.set([Group.objects.get(name="Engagement officer")])
    client.force_login(user)
    url = reverse("email_delivery")
    form = re.search(
        r'<form method="post">((?:(?!</form>).)*value="failed".*?)</form>', client.get(url).content.decode(), re.S
    )
    data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1])) | {"decision": "again"}
    assert "To be sent again: 3 emails." in client.post(url, data, follow=True).content.decode()
    # Twice: nothing.
    assert "Nothing was changed" in client.post(url, data, follow=True).content.decode()


def test_dead_addresses_in_a_row_stop_nobody(plain, drain, by_smtp):
    by_smtp.write([{"stage": "rcpt", "say": "550 No such user here", "times": -1, "only": "dead"}])
    for number in range(12):
        transactional.queue_email("plain", f"dead{number}@example.org")
    queue(2)
    assert drain() == 2
    assert states() == {DeliveryState.FAILED: 12, DeliveryState.ACCEPTED: 2}
    assert not RateLimit.objects.exclude(blocked_until=None).exists()


def test_refusals_now_and_then_fail(plain, drain, by_smtp):
    """A policy against two, and then one that is taken: that may be the emails."""
    by_smtp.write([{"stage": "rcpt", "say": "554 5.7.1 Refused", "times": -1, "only": "strict"}])
    for number in range(3):
        for name in ("strict-a", "strict-b", "kind"):
            transactional.queue_email("plain", f"{name}{number}@example.org")
    assert drain() == 3
    assert states() == {DeliveryState.FAILED: 6, DeliveryState.ACCEPTED: 3}


def test_confirmations_that_go_through_do_not_make_a_refused_mailing_well(
    register_composer, plain, hours_pass, by_smtp, settings, monkeypatch
):
    """The server takes the one and refuses the other: no more than three of the other fail, and the one goes on."""
    settings.MAIL_WORKER = settings.MAIL_WORKER | {"poll_urgent": 0, "back_off_first": 0.01, "back_off_max": 0.01}
    for name, order, kind in (("transactional", 0, "plain"), ("bulk", 100, "bulk")):
        kinds = {"group_field": "kind", "sendable_groups": lambda kind=kind: [kind]}
        stream = MessageStream(name, TransactionalEmail, transactional.compose, priority=order, **kinds)
        monkeypatch.setitem(STREAMS, name, stream)
    by_smtp.write([{"stage": "content", "say": "550 5.7.1 Spam", "times": -1, "only": "bulk"}])
    worker = Worker("test", drain=True, patience=60)
    composed = []

    def bulk(email):
        composed.append(email.pk)
        if len(composed) == 20:
            worker.stop()
        queue(1)
        return transactional._composers["plain"](email)

    register_composer("bulk", bulk)
    for number in range(20):
        transactional.queue_email("bulk", f"bulk{number}@example.org")
    worker.run()
    mailing = list(TransactionalEmail.objects.filter(kind="bulk").values_list("state", flat=True))
    assert mailing.count(DeliveryState.FAILED) == 3
    assert len(by_smtp.received()) >= 10
    assert reconcile(TransactionalEmail.objects.all(), by_smtp).faults == []


class Refusing(LocmemBackend):
    """A provider whose interface refuses every email, in words that don't say whose fault it is."""

    def send_messages(self, messages):
        response = type("Answer", (), {"status_code": 400, "reason": "Bad", "text": "Domain not verified"})()
        raise anymail.AnymailRequestsAPIError("no", response=response)


def test_a_provider_that_refuses_everything(plain, drain, settings, monkeypatch):
    monkeypatch.setattr("tests.mail.provider.EmailBackend", Refusing, raising=False)
    settings.EMAIL_BACKEND = "tests.mail.provider.EmailBackend"
    queue(10)
    assert drain() == 0
    assert states() == {DeliveryState.FAILED: 3, DeliveryState.PENDING: 7}
    assert RateLimit.objects.get().blocked_until

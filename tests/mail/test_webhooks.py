"""What the provider reports: signed, once each, in any order."""

import base64
import hashlib
import hmac
import itertools
import json
import time
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagement.mail import streams, transactional
from engagement.mail.models import DeliveryState, ProviderEvent, TransactionalEmail
from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mail.webhooks import ANYMAIL_VIEWS, SIGNING_PROVIDERS, match_unmatched, record_event
from nelis.settings.mail import PROVIDERS

pytestmark = [pytest.mark.django_db, pytest.mark.pg]


@pytest.fixture
def sent(plain):
    def make(state=DeliveryState.ACCEPTED, **fields):
        row = transactional.queue_email("plain", "reader@example.org")
        TransactionalEmail.objects.filter(pk=row.pk).update(state=state, **fields)
        row.refresh_from_db()
        return row

    return make


def state_of(row):
    row.refresh_from_db()
    return row.state


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (DeliveryState.ACCEPTED, "delivered", DeliveryState.DELIVERED),
        (DeliveryState.ACCEPTED, "bounced", DeliveryState.BOUNCED),
        (DeliveryState.ACCEPTED, "rejected", DeliveryState.FAILED),
        (DeliveryState.ACCEPTED, "deferred", DeliveryState.ACCEPTED),
        (DeliveryState.ACCEPTED, "opened", DeliveryState.ACCEPTED),
        (DeliveryState.DELIVERED, "complained", DeliveryState.COMPLAINED),
        (DeliveryState.COMPLAINED, "delivered", DeliveryState.COMPLAINED),
        (DeliveryState.BOUNCED, "delivered", DeliveryState.BOUNCED),
        (DeliveryState.UNKNOWN, "delivered", DeliveryState.DELIVERED),
        (DeliveryState.UNKNOWN, "bounced", DeliveryState.BOUNCED),
        (DeliveryState.UNKNOWN, "queued", DeliveryState.ACCEPTED),
        (DeliveryState.SENDING, "delivered", DeliveryState.DELIVERED),
        (DeliveryState.RETRY, "delivered", DeliveryState.DELIVERED),
        (DeliveryState.SKIPPED, "delivered", DeliveryState.SKIPPED),
        (DeliveryState.DELIVERED, "soft-bounced", DeliveryState.BOUNCED),
    ],
)
def test_what_a_report_does(sent, before, kind, after):
    row = sent(before)
    report = record_event("1", row.uuid, kind)
    assert state_of(row) == after
    assert report.stream == "transactional"
    assert report.applied == (before != after)


def test_the_order_makes_no_difference(sent):
    kinds = ["queued", "delivered", "bounced", "complained", "deferred"]
    for number, order in enumerate(itertools.permutations(kinds)):
        row = sent(DeliveryState.UNKNOWN)
        for kind in order:
            record_event(f"{number}-{kind}", row.uuid, kind)
        assert state_of(row) == DeliveryState.COMPLAINED


@pytest.mark.parametrize("order", [("soft-bounced", "bounced"), ("bounced", "soft-bounced")])
def test_what_came_back_for_good_outweighs_what_came_back_once(sent, order):
    row = sent()
    for kind in order:
        record_event(kind, row.uuid, kind)
    assert state_of(row) == DeliveryState.BOUNCED
    assert row.is_hard_bounce


def test_the_same_report_twice_counts_once(sent, monkeypatch):
    heard = []
    stream = streams.MessageStream(
        "transactional",
        TransactionalEmail,
        transactional.compose,
        on_settled=lambda row: heard.append(row.state),
        priority=0,
    )
    monkeypatch.setitem(streams.STREAMS, "transactional", stream)
    row = sent()
    first, second = record_event("1", row.uuid, "bounced"), record_event("1", row.uuid, "complained")
    assert first.pk == second.pk
    assert state_of(row) == DeliveryState.BOUNCED
    assert heard == [DeliveryState.BOUNCED]


def test_it_is_found_by_either_name(sent):
    ours, theirs = sent(), sent(provider_message_id="p-1")
    record_event("1", None, "delivered", provider_message_id=f"<{ours.uuid}@testserver>")
    record_event("2", None, "delivered", provider_message_id="p-1")
    assert [state_of(ours), state_of(theirs)] == [DeliveryState.DELIVERED, DeliveryState.DELIVERED]


def test_for_an_unknown_mail_it_is_kept_and_matched_later(sent):
    report = record_event("1", "not-a-uuid", "delivered", "to canary@example.org", provider_message_id="p-9\x00")
    assert (report.stream, report.applied, report.detail) == ("", False, "to [mail address]")
    row = sent(provider_message_id="p-9")
    match_unmatched()
    report.refresh_from_db()
    assert (report.stream, report.applied) == ("transactional", True)
    assert state_of(row) == DeliveryState.DELIVERED


def strangers(number, **fields):
    """Reports on mails that aren't ours, from an account that others use, too."""
    ProviderEvent.objects.bulk_create(
        ProviderEvent(
            **{"event_id": f"s-{one}", "email_uuid": uuid.uuid4(), "provider_message_id": f"s-{one}", "kind": "opened"}
            | fields
        )
        for one in range(number)
    )


def test_many_strangers_cost_no_queries_and_hide_nothing(sent, django_assert_num_queries):
    report = record_event("1", None, "delivered", provider_message_id="p-9")
    strangers(700)
    with django_assert_num_queries(len(streams.STREAMS)):
        assert match_unmatched() == 0
    row = sent(provider_message_id="p-9")
    assert match_unmatched() == 1
    report.refresh_from_db()
    assert (report.stream, state_of(row)) == ("transactional", DeliveryState.DELIVERED)


def test_a_report_of_long_ago_is_left_alone(sent):
    """Ours find their mail within minutes."""
    record_event("1", None, "delivered", provider_message_id="p-9")
    row = sent(provider_message_id="p-9")
    for hours, found in ((3, 0), (1, 1)):
        ProviderEvent.objects.update(received_at=timezone.now() - timedelta(hours=hours))
        assert match_unmatched() == found
    assert state_of(row) == DeliveryState.DELIVERED


def test_a_report_without_names_matches_no_mail(sent):
    """Nearly all mails have no name of the provider's: an empty one must not find them."""
    row = sent()
    strangers(1, email_uuid=None, provider_message_id="", kind="bounced")
    assert match_unmatched() == 0
    assert state_of(row) == DeliveryState.ACCEPTED


def test_reports_are_deleted_after_a_while(sent):
    row = sent()
    record_event("old", row.uuid, "delivered")
    ProviderEvent.objects.update(received_at=timezone.now() - timedelta(days=91))
    record_event("new", row.uuid, "delivered")
    strangers(3, received_at=timezone.now() - timedelta(days=91))
    assert "4 old events" in PERIODIC_TASKS["mail.delete_old_events"].run()
    assert [report.event_id for report in ProviderEvent.objects.all()] == ["new"]
    assert state_of(row) == DeliveryState.DELIVERED
    assert "0 old events" in PERIODIC_TASKS["mail.delete_old_events"].run()


def mailgun(row, *, key="signing-key-of-the-tests", event="delivered", number="e-1"):
    token, stamp = "t" * 50, str(int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "id": number,
        "timestamp": time.time(),
        "recipient": "canary@example.org",
        "message": {"headers": {"message-id": f"{row.uuid}@testserver"}},
        "user-variables": {"mail": str(row.uuid)},
        "delivery-status": {"code": 250, "message": "OK for canary@example.org"},
    }
    return {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}


def post(client, provider, said, **headers):
    url = reverse("provider_events", args=[provider])
    return client.post(url, json.dumps(said), content_type="application/json", headers=headers)


@pytest.fixture
def with_mailgun(settings):
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_API_KEY": "key", "MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key-of-the-tests"}


def test_a_signed_report_counts(with_mailgun, client, sent):
    row = sent()
    answer = post(client, "mailgun", mailgun(row))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert state_of(row) == DeliveryState.DELIVERED
    report = ProviderEvent.objects.get()
    assert report.event_id == f"mailgun:{report.happened_at:%Y-%m-%d}:e-1"
    assert "canary" not in report.detail
    # Replayed, and replayed as something else.
    assert post(client, "mailgun", mailgun(row)).status_code == 200
    assert post(client, "mailgun", mailgun(row, event="complained")).status_code == 200
    assert ProviderEvent.objects.count() == 1
    assert state_of(row) == DeliveryState.DELIVERED


def test_an_unsigned_report_does_not(with_mailgun, client, sent):
    row = sent()
    forged = mailgun(row, key="another-key")
    unsigned = {"event-data": forged["event-data"]}
    for said in (forged, unsigned, {}, []):
        answer = post(client, "mailgun", said)
        assert answer.status_code in (400, 403), said
    assert client.post(reverse("provider_events", args=["mailgun"]), {"event": "delivered"}).status_code in (400, 403)
    assert state_of(row) == DeliveryState.ACCEPTED
    assert not ProviderEvent.objects.exists()


def test_a_report_on_an_unknown_mail_is_kept(with_mailgun, client, sent):
    row = sent()
    row.uuid = uuid.uuid4()
    assert post(client, "mailgun", mailgun(row)).status_code == 200
    assert ProviderEvent.objects.get().stream == ""


def postmark(row, type_="HardBounce"):
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": type_,
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Metadata": {"mail": str(row.uuid)},
        "Email": "canary@example.org",
        "BouncedAt": "2026-11-22T12:00:00Z",
        "Description": "The server was unable to deliver",
    }


def password(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_one_with_the_password_counts(settings, client, sent):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": "us:a-long-and-random-one"}
    row = sent(DeliveryState.UNKNOWN)
    assert post(client, "postmark", postmark(row)).status_code == 400
    assert post(client, "postmark", postmark(row), authorization=password("us:wrong")).status_code == 400
    assert state_of(row) == DeliveryState.UNKNOWN
    answer = post(client, "postmark", postmark(row), authorization=password("us:a-long-and-random-one"))
    assert answer.status_code == 200
    assert state_of(row) == DeliveryState.BOUNCED
    assert row.reason == "provider-bounced"


def test_nobody_is_let_in_for_want_of_a_password(settings, client, sent):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"POSTMARK_SERVER_TOKEN": "token"}
    assert post(client, "postmark", postmark(sent())).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("provider", ["postmark", "mailgun", "nobody", "smtp"])
def test_providers_that_are_not_ours_have_no_address(client, provider):
    assert client.post(f"/post/events/{provider}/tracking/").status_code == 404


@pytest.mark.once
def test_there_is_nothing_to_look_at(with_mailgun, client):
    assert client.get(reverse("provider_events", args=["mailgun"])).status_code == 405


# --- every provider that can be set up -------------------------------------------------------------
# Each gives back our own name for the mail in its own way, and says in its own words whether a bounce is for good.

KEYS = {
    "mailgun": {"MAILGUN_API_KEY": "key", "MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key-of-the-tests"},
    "postmark": {"POSTMARK_SERVER_TOKEN": "token"},
    "brevo": {"BREVO_API_KEY": "key"},
    "sendgrid": {"SENDGRID_API_KEY": "key"},
    "mailjet": {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"},
    "sparkpost": {"SPARKPOST_API_KEY": "key"},
}


def brevo(row, event, **more):
    named = {"X-Mailin-custom": json.dumps({"mail": str(row.uuid)}), "message-id": "<p-1@example.org>"}
    return {"event": event, "email": "canary@example.org", "ts_epoch": time.time_ns() // 10**6, **named, **more}


def sendgrid(row, event, **more):
    named = {"mail": str(row.uuid), "sg_event_id": f"id-{event}", "smtp-id": "<p-1@example.org>"}
    return [{"event": event, "email": "canary@example.org", "timestamp": int(time.time()), **named, **more}]


def mailjet(row, event, **more):
    named = {"Payload": json.dumps({"mail": str(row.uuid)}), "MessageID": 19421777835146490}
    return [{"event": event, "email": "canary@example.org", "time": int(time.time()), **named, **more}]


def sparkpost(row, event, **more):
    named = {"rcpt_meta": {"mail": str(row.uuid)}, "event_id": f"id-{event}", "transmission_id": "65832150921904138"}
    said = {"type": event, "raw_rcpt_to": "canary@example.org", "timestamp": str(int(time.time())), **named, **more}
    return [{"msys": {"message_event": said}}]


def failed(row, reason, message):
    said = mailgun(row, event="failed")
    said["event-data"] |= {"severity": "permanent", "reason": reason, "delivery-status": {"message": message}}
    return said


#: Provider, what it says, what that means for the mail, and whether the mailbox is gone.
SAID = [
    ("mailgun", lambda row: mailgun(row), DeliveryState.DELIVERED, False),
    (
        "mailgun",
        lambda row: failed(row, "bounce", "5.1.1 No such user canary@example.org"),
        DeliveryState.BOUNCED,
        True,
    ),
    ("mailgun", lambda row: failed(row, "bounce", "5.7.1 Not from there"), DeliveryState.BOUNCED, False),
    ("mailgun", lambda row: failed(row, "old", "Too old"), DeliveryState.BOUNCED, False),
    ("mailgun", lambda row: mailgun(row, event="complained"), DeliveryState.COMPLAINED, False),
    ("postmark", lambda row: postmark(row), DeliveryState.BOUNCED, True),
    ("postmark", lambda row: postmark(row, "SoftBounce"), DeliveryState.BOUNCED, False),
    ("postmark", lambda row: postmark(row, "SpamComplaint"), DeliveryState.COMPLAINED, False),
    ("postmark", lambda row: postmark(row, "Transient"), DeliveryState.ACCEPTED, False),
    ("brevo", lambda row: brevo(row, "delivered"), DeliveryState.DELIVERED, False),
    ("brevo", lambda row: brevo(row, "hard_bounce", reason="550 5.1.1 Unknown"), DeliveryState.BOUNCED, True),
    ("brevo", lambda row: brevo(row, "soft_bounce", reason="452 4.2.2 Full"), DeliveryState.BOUNCED, False),
    ("brevo", lambda row: brevo(row, "spam"), DeliveryState.COMPLAINED, False),
    ("sendgrid", lambda row: sendgrid(row, "delivered"), DeliveryState.DELIVERED, False),
    (
        "sendgrid",
        lambda row: sendgrid(row, "bounce", type="bounce", reason="550 5.1.1 Unknown"),
        DeliveryState.BOUNCED,
        True,
    ),
    ("sendgrid", lambda row: sendgrid(row, "bounce", type="blocked", reason="550 Spam"), DeliveryState.BOUNCED, False),
    ("sendgrid", lambda row: sendgrid(row, "spamreport"), DeliveryState.COMPLAINED, False),
    ("mailjet", lambda row: mailjet(row, "sent"), DeliveryState.DELIVERED, False),
    (
        "mailjet",
        lambda row: mailjet(row, "bounce", hard_bounce=True, error="user unknown"),
        DeliveryState.BOUNCED,
        True,
    ),
    (
        "mailjet",
        lambda row: mailjet(row, "bounce", hard_bounce=False, error="quota exceeded"),
        DeliveryState.BOUNCED,
        False,
    ),
    ("mailjet", lambda row: mailjet(row, "spam"), DeliveryState.COMPLAINED, False),
    ("sparkpost", lambda row: sparkpost(row, "delivery"), DeliveryState.DELIVERED, False),
    (
        "sparkpost",
        lambda row: sparkpost(row, "bounce", bounce_class="10", raw_reason="550 5.1.1"),
        DeliveryState.BOUNCED,
        True,
    ),
    (
        "sparkpost",
        lambda row: sparkpost(row, "bounce", bounce_class="22", raw_reason="552 Full"),
        DeliveryState.BOUNCED,
        False,
    ),
    ("sparkpost", lambda row: sparkpost(row, "spam_complaint"), DeliveryState.COMPLAINED, False),
]


@pytest.fixture
def reports(settings, client):
    """Send a provider's report in, with the password unless it signs."""

    def send(provider, said, secret="us:a-long-and-random-one"):  # noqa: S107
        settings.MAIL_PROVIDER = provider
        settings.ANYMAIL = KEYS[provider] | (
            {} if provider in SIGNING_PROVIDERS else {"WEBHOOK_SECRET": "us:a-long-and-random-one"}
        )
        headers = {} if provider in SIGNING_PROVIDERS or not secret else {"authorization": password(secret)}
        return post(client, provider, said, **headers).status_code

    return send


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize(("provider", "said", "state", "gone"), SAID)
def test_what_each_provider_says(reports, sent, provider, said, state, gone):
    row = sent()
    report = said(row)
    if provider not in SIGNING_PROVIDERS:
        assert [reports(provider, report, secret) for secret in ("", "us:wrong")] == [400, 400]
    assert state_of(row) == DeliveryState.ACCEPTED
    assert not ProviderEvent.objects.exists()
    # It may come twice.
    assert [reports(provider, report), reports(provider, report)] == [200, 200]
    kept = ProviderEvent.objects.get()
    assert kept.stream == "transactional"
    assert "canary" not in kept.detail
    assert state_of(row) == state
    assert row.is_hard_bounce == gone


@pytest.mark.once
def test_every_provider_that_can_be_set_up_is_tried():
    assert {provider for provider, *_ in SAID} == set(ANYMAIL_VIEWS) == set(PROVIDERS)


#: What no provider should send, but each might, some day, with its proper password.
NONSENSE = [
    [],
    {},
    None,
    5,
    "text",
    [5],
    [{}],
    {"event": 5},
    [{"msys": {}}],
    {"items": []},
    [{"event": "bounce", "time": 1e300}],
]


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize("provider", sorted(ANYMAIL_VIEWS))
def test_nonsense_with_the_proper_password_is_answered(reports, provider):
    for said in NONSENSE:
        assert reports(provider, said) in (200, 400), said
    for report in ProviderEvent.objects.all():
        assert report.stream == ""


def test_nothing_in_a_report_need_be_of_the_right_kind(reports, sent):
    row = sent()
    for named in ('"text"', "[1]", '{"mail": {"a": 1}}', '{"mail": 5}'):
        assert reports("mailjet", mailjet(row, "sent", Payload=named)) == 200
    assert state_of(row) == DeliveryState.ACCEPTED

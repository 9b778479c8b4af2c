"""What staff see of the mail app, and what they may decide."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagement.mail import file_backend, transactional
from engagement.mail.admin.overview import warnings
from engagement.mail.message import uuid_from_message_id
from engagement.mail.models import DeliveryState, TransactionalEmail, WorkerStatus
from engagement.mail.webhooks import record_event
from nelis.core.models import User

pytestmark = pytest.mark.pg


@pytest.fixture
def officer():
    client = Client()
    user = User.objects.create_user("olga", "olga@example.org", "a long password")
    user.groups.set([Group.objects.get(name="Engagement officer")])
    client.force_login(user)
    return client


@pytest.fixture
def editor():
    client = Client()
    user = User.objects.create_user("ed", "ed@example.org", "a long password")
    user.groups.set([Group.objects.get(name="Content editor")])
    client.force_login(user)
    return client


def unknown(number=0):
    row = transactional.queue_email("plain", f"reader{number}@example.org")
    TransactionalEmail.objects.filter(pk=row.pk).update(
        state=DeliveryState.UNKNOWN, reason="worker-died", claimed_by="dead/1", settled_at=timezone.now(), attempts=1
    )
    return row


def decide(client, row, decision, stream="transactional"):
    data = {"stream": stream, "email": row.pk, "decision": decision}
    return client.post(reverse("email_delivery"), data, follow=True)


@pytest.mark.django_db
def test_the_page_says_how_things_are(plain, officer, django_assert_max_num_queries):
    row = unknown()
    transactional.queue_email("plain", "waiting@example.org")
    WorkerStatus.objects.create(name="worker-1", activity="sending", rate=12.5, sent=99)
    record_event("strange-1", None, "delivered")
    with django_assert_max_num_queries(45):
        page = officer.get(reverse("email_delivery")).content.decode()
    for text in (
        str(row.uuid),
        "worker-1",
        "12.5 emails a second",
        "Yes: sending",
        "strange-1",
        "Send it again".lower(),
    ):
        assert text in page
    assert "It isn’t known whether 1 email was sent" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decision", "state", "reason"),
    [
        ("sent", DeliveryState.ACCEPTED, "person-sent"),
        ("not-sent", DeliveryState.FAILED, "person-not-sent"),
        ("again", DeliveryState.PENDING, ""),
    ],
)
def test_a_person_settles_what_is_unknown_count(plain, officer, decision, state, reason):
    row = unknown()
    assert decide(officer, row, decision).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.reason, row.claimed_by) == (state, reason, "")
    entry = ModelLogEntry.objects.get(action__startswith="mail.")
    assert (entry.user.get_username(), entry.object_id) == ("olga", str(row.pk))
    assert "@" not in entry.label
    # Twice, or of one that isn't unknown: nothing.
    assert "Nothing was changed" in decide(officer, row, "sent").content.decode()
    row.refresh_from_db()
    assert row.state == state
    assert ModelLogEntry.objects.filter(action__startswith="mail.").count() == 1


def buttons_for_all(page):
    """What the form for many says, as a browser would send it."""
    form = re.search(r'<form method="post">((?:(?!</form>).)*name="last".*?)</form>', page, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1])) if form else {}


@pytest.mark.django_db
@pytest.mark.parametrize(("decision", "state"), [("sent", DeliveryState.ACCEPTED), ("again", DeliveryState.PENDING)])
def test_many_unknown_count_for_one_reason_are_settled_at_once(plain, officer, editor, decision, state):
    for number in range(120):
        unknown(number)
    other = unknown(200)
    TransactionalEmail.objects.filter(pk=other.pk).update(reason="lost-after-data")
    page = officer.get(reverse("email_delivery")).content.decode()
    assert "Not known whether sent (121)" in page
    assert "The first 100 are listed." in page
    assert "120 emails of the stream transactional: worker-died" in page
    data = buttons_for_all(page) | {"decision": decision}
    editor.post(reverse("email_delivery"), data)
    assert TransactionalEmail.objects.filter(state=DeliveryState.UNKNOWN).count() == 121
    # Of one that got into doubt since, the page said nothing.
    later = unknown(300)
    answer = officer.post(reverse("email_delivery"), data, follow=True).content.decode()
    assert ": 120 emails." in answer
    assert TransactionalEmail.objects.filter(state=state).count() == 120
    assert set(TransactionalEmail.objects.filter(state=DeliveryState.UNKNOWN)) == {other, later}
    assert ModelLogEntry.objects.filter(action__startswith="mail.").count() == 120
    assert "Nothing was changed" in officer.post(reverse("email_delivery"), data, follow=True).content.decode()


@pytest.mark.usefixtures("committed")
def test_sent_again_it_arrives(committed, plain, officer, drain, mailoutbox):
    row = unknown()
    assert drain() == 0
    decide(officer, row, "again")
    assert drain() == 1
    row.refresh_from_db()
    assert row.state == DeliveryState.ACCEPTED
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_refused_service_mail_is_tried_again(plain, officer):
    row = transactional.queue_email("plain", "reader@example.org")
    TransactionalEmail.objects.update(state=DeliveryState.FAILED, reason="refused-address", attempts=3)
    assert f"Send the email {row.uuid} again" in officer.get(reverse("email_delivery")).content.decode()
    decide(officer, row, "again")
    row.refresh_from_db()
    assert (row.state, row.attempts, row.reason) == (DeliveryState.PENDING, 0, "")
    assert "Nothing was changed" in decide(officer, row, "again").content.decode()


@pytest.mark.django_db
def test_what_was_refused_lately_is_sent_again_by_reason(plain, officer, editor):
    """Not what was refused long ago, nor without an address, nor what was refused since the page was shown."""
    now = timezone.now()

    def refused(name, reason, at):
        row = transactional.queue_email("plain", f"{name}@example.org")
        ended = {"state": DeliveryState.FAILED, "reason": reason, "settled_at": at, "attempts": 1}
        TransactionalEmail.objects.filter(pk=row.pk).update(**ended)

    refused("today", "refused-policy", now)
    refused("yesterday", "refused-policy", now - timedelta(days=1))
    refused("other", "no-mailbox", now)
    refused("early", "old", now - timedelta(days=15))
    page = officer.get(reverse("email_delivery")).content.decode()
    assert "2 emails of the stream transactional: refused-policy" in page
    assert "1 email of the stream transactional: no-mailbox" in page
    assert "transactional: old" not in page
    data = {"stream": "transactional", "group": "", "reason": "refused-policy", "state": "failed", "decision": "again"}
    data["last"] = now.isoformat()
    editor.post(reverse("email_delivery"), data)
    refused("later", "refused-policy", timezone.now())
    assert TransactionalEmail.objects.filter(state=DeliveryState.FAILED).count() == 5
    assert ": 2 emails." in officer.post(reverse("email_delivery"), data, follow=True).content.decode()
    sent_again = TransactionalEmail.objects.filter(state=DeliveryState.PENDING)
    assert set(sent_again.values_list("address", flat=True)) == {"today@example.org", "yesterday@example.org"}
    assert set(sent_again.values_list("attempts", "reason", "settled_at")) == {(0, "", None)}
    # Nobody knows to whom it went any more.
    TransactionalEmail.objects.filter(reason="no-mailbox").update(address="")
    assert "transactional: no-mailbox" not in officer.get(reverse("email_delivery")).content.decode()
    answer = officer.post(reverse("email_delivery"), data | {"reason": "no-mailbox"}, follow=True).content.decode()
    assert "its address has been deleted" in answer
    # What has arrived is never sent again.
    assert officer.post(reverse("email_delivery"), data | {"state": "accepted"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"stream": "transactional", "email": "x", "decision": "sent"},
        {"stream": "nowhere", "email": "1", "decision": "sent"},
        {"stream": "transactional", "email": "1", "decision": "delete"},
        {"stream": "transactional", "email": "9" * 40, "decision": "sent"},
        {"last": "2026-11-01T10:00:00+00:00", "decision": "sent"},
        {"stream": "transactional", "group": "", "reason": "x", "last": "2026-11-01T10:00:00", "decision": "sent"},
        {"stream": "transactional", "group": "", "reason": "x", "last": "never", "decision": "sent"},
        {"stream": "bulletins", "group": "x", "reason": "x", "last": "2026-11-01T10:00:00+00:00", "decision": "sent"},
        {"stream": "nowhere", "group": "1", "reason": "x", "last": "2026-11-01T10:00:00+00:00", "decision": "sent"},
    ],
)
def test_nonsense_is_not_found(officer, data):
    assert officer.post(reverse("email_delivery"), data).status_code == 404


@pytest.mark.django_db
def test_who_may_not_changes_nothing(plain, editor, client):
    row = unknown()
    for other in (editor, client):
        assert other.get(reverse("email_delivery")).status_code == 302
        other.post(reverse("email_delivery"), {"stream": "transactional", "email": row.pk, "decision": "sent"})
    row.refresh_from_db()
    assert row.state == DeliveryState.UNKNOWN


@pytest.mark.django_db
def test_warnings(plain, officer, editor):
    assert warnings() == []
    transactional.queue_email("plain", "reader@example.org")
    assert warnings() == []
    TransactionalEmail.objects.update(due_at=timezone.now() - timedelta(minutes=2))
    assert "1 email waits, and no worker" in warnings()[0]
    front = reverse("wagtailadmin_home")
    assert "Email is not going out" in officer.get(front).content.decode()
    assert "Email is not going out" not in editor.get(front).content.decode()
    sign = WorkerStatus.objects.create(name="worker-1")
    assert warnings() == []
    WorkerStatus.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert len(warnings()) == 1
    WorkerStatus.objects.update(seen_at=timezone.now(), stopped_at=timezone.now())
    assert len(warnings()) == 1
    assert sign
    unknown()
    assert len(warnings()) == 2


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_BACKEND = "engagement.mail.file_backend.EmailBackend"
    settings.DATA_DIR = tmp_path
    return tmp_path / "mail"


@pytest.mark.usefixtures("committed")
def test_mail_goes_to_files_and_is_shown(committed, plain, drain, mailbox, officer, editor, client):
    assert "no mail server" in officer.get(reverse("sent_email_list")).content.decode()
    rows = [
        transactional.queue_email("plain", f"reader{number}@example.org", object_id=f"<b>{number}")
        for number in range(3)
    ]
    assert drain() == 3
    files = file_backend.stored_emails()
    assert len(files) == 3
    assert not list(mailbox.glob(".*"))
    assert files[0].stat().st_mode & 0o077 == 0
    listed = officer.get(reverse("sent_email_list")).content.decode()
    assert re.findall(r"About &lt;b&gt;(\d)", listed) == ["2", "1", "0"]
    name = files[0].stem
    page = officer.get(reverse("sent_email", args=[name])).content.decode()
    assert "reader2@example.org" in page
    assert uuid_from_message_id(re.search(r"&lt;([^&]+@testserver)&gt;", page)[1]) == rows[2].uuid
    frame = officer.get(reverse("sent_email_html", args=[name]))
    assert frame.content.decode() == '<base target="_blank"><p><b>2</p>'
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    for address in (
        reverse("sent_email", args=[name]),
        reverse("sent_email_html", args=[name]),
        reverse("sent_email_list"),
    ):
        for other in (editor, client):
            assert other.get(address).status_code == 302
    assert officer.get(reverse("sent_email", args=["no-such-mail"])).status_code == 404


@pytest.mark.usefixtures("committed")
def test_a_disk_that_is_full_loses_no_mail(plain, drain, mailbox):
    mailbox.write_text("a file where the folder should be")
    row = transactional.queue_email("plain", "reader@example.org")
    drain()
    row.refresh_from_db()
    assert (row.state, row.reason) == (DeliveryState.RETRY, "no-connection")
    mailbox.unlink()
    drain(later=True)
    row.refresh_from_db()
    assert row.state == DeliveryState.ACCEPTED


@pytest.mark.django_db
def test_without_the_files_there_is_no_mailbox(officer):
    assert officer.get(reverse("sent_email_list")).status_code == 404
    assert officer.get(reverse("sent_email_html", args=["x"])).status_code == 404

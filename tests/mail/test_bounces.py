"""Bounces that come back by email: what a report does, what a forged one and any other mail don't, and the mailbox."""

import io
import uuid
from email.message import EmailMessage

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.mail import bounces, periodic_tasks, transactional
from engagement.mail.message import Message, bounce_address, build_envelope, uuid_from_bounce_address
from engagement.mail.models import DeliveryState, ProviderEvent, TransactionalEmail
from tests.mail.imap_server import Mailbox, serve
from tests.mail.test_mime import AT, NAME

pytestmark = [pytest.mark.django_db, pytest.mark.pg]

READER = "reader@example.org"


@pytest.fixture(autouse=True)
def address(settings):
    settings.BOUNCE_ADDRESS = "bounces@kites.example.org"


@pytest.fixture
def sent(plain):
    """An email that the mail server took."""

    def make(state=DeliveryState.ACCEPTED):
        row = transactional.queue_email("plain", READER)
        TransactionalEmail.objects.filter(pk=row.pk).update(state=state)
        row.refresh_from_db()
        return row

    return make


NO_SUCH_USER = "smtp; 550 5.1.1 <reader@example.org>: no such user"


def report(to, status="5.1.1", diagnostic=NO_SUCH_USER, action="failed", head=""):
    """A report as Postfix writes it."""
    return f"""\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Date: Mon, 30 Nov 2026 12:00:00 +0000
Auto-Submitted: auto-replied
{head}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

This is the mail system. I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Queue-ID: 4F2
Arrival-Date: Mon, 30 Nov 2026 11:59:00 +0000

Final-Recipient: rfc822; reader@example.org
Original-Recipient: rfc822;reader@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: {diagnostic}

--b
Content-Type: text/rfc822-headers

Return-Path: <{to}>
Subject: Kites

--b--
""".replace("\n", "\r\n").encode()


def state_of(row):
    row.refresh_from_db()
    return row.state, row.reason


class TestTheAddress:
    def test_each_email_goes_out_with_one_of_its_own(self):
        envelope = build_envelope(Message(READER, "Kites", "They fly."), NAME, AT)
        assert envelope.sender == bounce_address(NAME)
        assert uuid_from_bounce_address(envelope.sender) == NAME
        # The local part of an address has 64 characters at most, and some servers write it in capitals.
        assert len(envelope.sender.partition("@")[0]) <= 64
        assert uuid_from_bounce_address(envelope.sender.upper()) == NAME

    def test_without_a_mailbox_it_is_the_senders(self, settings):
        settings.BOUNCE_ADDRESS = ""
        assert build_envelope(Message(READER, "Kites", "x"), NAME, AT).sender == "bulletins@example.org"
        assert uuid_from_bounce_address("bounces+abc@kites.example.org") is None

    def test_it_outlives_a_change_of_keys_and_no_other_key_makes_one(self, settings):
        old = bounce_address(NAME)
        settings.LINK_KEYS = ["another-key", *settings.LINK_KEYS]
        assert uuid_from_bounce_address(old) == NAME
        settings.LINK_KEYS = ["a-strangers-key"]
        assert uuid_from_bounce_address(old) is None

    @settings(max_examples=50)
    @given(st.text(max_size=80))
    def test_whatever_else_is_none_of_ours(self, text):
        for address in (text, f"bounces+{text}@kites.example.org"):
            assert uuid_from_bounce_address(address) is None

    @pytest.mark.parametrize(
        ("address", "is_right"),
        [
            ("bounces@example.org", True),
            ("", True),
            ("bounces", False),
            ("b+c@example.org", False),
            ("b" * 24 + "@example.org", False),
            ("Kites <bounces@example.org>", False),
        ],
    )
    def test_an_address_that_will_not_do_is_an_error(self, settings, address, is_right):
        settings.BOUNCE_ADDRESS = address
        assert ("mail.E003" not in {check.id for check in checks.run_checks(tags=["mail"])}) is is_right


class TestAReport:
    @pytest.mark.parametrize(
        ("values", "state", "reason"),
        [
            ({}, "bounced", "provider-bounced"),
            # Exim, qmail and Exchange say it in one of the two.
            ({"status": "5.0.0"}, "bounced", "provider-bounced"),
            (
                {"status": "5.1.10", "diagnostic": "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound"},
                "bounced",
                "provider-bounced",
            ),
            ({"diagnostic": "smtp; 550 unknown"}, "bounced", "provider-bounced"),
            # A full mailbox, a policy, or a bare code: another mail may arrive.
            ({"status": "5.2.2", "diagnostic": "smtp; 552 5.2.2 mailbox full"}, "bounced", "provider-soft-bounced"),
            ({"status": "5.7.1", "diagnostic": "smtp; 550 5.7.1 blocked (5.1.1)"}, "bounced", "provider-soft-bounced"),
            ({"status": "5.0.0", "diagnostic": "smtp; 550 no"}, "bounced", "provider-soft-bounced"),
            ({"status": "4.4.1", "diagnostic": "x", "action": "delayed"}, "accepted", ""),
            ({"status": "2.0.0", "diagnostic": "smtp; 250 OK", "action": "delivered"}, "delivered", ""),
            ({"status": "2.0.0", "action": "relayed"}, "accepted", ""),
        ],
    )
    def test_what_it_does(self, sent, values, state, reason):
        row = sent()
        assert bounces.read_report(report(bounce_address(row.uuid), **values)) == (values.get("action") != "relayed")
        assert state_of(row) == (state, reason)
        assert row.is_hard_bounce == (reason == "provider-bounced")

    def test_it_suppresses_the_address_as_a_providers_does(self, sent, monkeypatch):
        told = []
        monkeypatch.setattr(transactional, "_failure_handlers", [told.append])
        row = sent()
        bounces.read_report(report(bounce_address(row.uuid)))
        assert [email.pk for email in told] == [row.pk]

    def test_twice_it_counts_once_and_no_address_is_kept(self, sent):
        row = sent()
        for _ in range(2):
            assert bounces.read_report(report(bounce_address(row.uuid)))
        event = ProviderEvent.objects.get()
        assert "no such user" in event.detail
        assert READER not in event.detail + row.response
        assert event.happened_at.isoformat() == "2026-11-30T12:00:00+00:00"

    def test_the_address_may_stand_beside_the_mail(self, sent):
        row = sent()
        assert not bounces.read_report(report("postmaster@kites.example.org"))
        assert bounces.read_report(report("postmaster@kites.example.org"), bounce_address(row.uuid))
        assert state_of(row)[0] == "bounced"

    def test_a_forged_one_does_nothing(self, sent):
        row = sent()
        stranger = bounce_address(uuid.uuid4())
        forged = bounce_address(row.uuid)[:-25] + stranger[-25:]
        for address in (forged, f"bounces+{row.uuid.hex}@kites.example.org", READER):
            assert not bounces.read_report(report(address, head=f"Message-ID: <{row.uuid}@testserver>\n"))
        assert state_of(row) == ("accepted", "")
        assert not ProviderEvent.objects.exists()

    def test_an_out_of_office_reply_is_none(self, sent):
        row = sent()
        reply = EmailMessage()
        reply["To"], reply["Subject"], reply["Auto-Submitted"] = bounce_address(row.uuid), "Away", "auto-replied"
        reply.set_content("Action: failed\nStatus: 5.1.1\n")
        assert not bounces.read_report(reply.as_bytes())
        assert state_of(row) == ("accepted", "")

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(st.binary(max_size=400), st.integers(min_value=0, max_value=1200))
    def test_no_bytes_break_it(self, sent, noise, cut):
        whole = report(bounce_address(NAME))
        for data in (noise, whole[:cut] + noise, whole[:cut] + noise + whole[cut:], whole + noise):
            assert bounces.read_report(data) in (True, False)

    @pytest.mark.parametrize(
        "date", ["", "yesterday", "Mon, 30 Nov 2026 12:00:00 -0000", "Mon, 99 Nov 2026 12:00:00 +0000"]
    )
    def test_a_date_that_is_none_costs_nothing_else(self, sent, date):
        row = sent()
        data = report(bounce_address(row.uuid)).replace(b"Mon, 30 Nov 2026 12:00:00 +0000", date.encode(), 1)
        assert bounces.read_report(data)
        assert state_of(row)[0] == "bounced"


class Pipe:
    """Standard input, as a mail server writes to it."""

    def __init__(self, data):
        self.buffer = io.BytesIO(data)


class TestTheCommand:
    def pipe(self, monkeypatch, data, *args):
        monkeypatch.setattr("sys.stdin", Pipe(data))
        out = io.StringIO()
        call_command("receive_bounces", *args, stdout=out)
        return out.getvalue()

    def test_from_a_pipe(self, sent, monkeypatch):
        one, other = sent(), sent()
        assert self.pipe(monkeypatch, report(bounce_address(one.uuid))) == ""
        assert state_of(one)[0] == "bounced"
        assert self.pipe(monkeypatch, report("x@example.org"), bounce_address(other.uuid), "-v2") == "A report.\n"
        assert state_of(other)[0] == "bounced"

    def test_postfix_says_the_address_in_the_environment(self, sent, monkeypatch):
        row = sent()
        monkeypatch.setenv("ORIGINAL_RECIPIENT", bounce_address(row.uuid))
        self.pipe(monkeypatch, report("x@example.org"))
        assert state_of(row)[0] == "bounced"

    def test_other_mail_is_no_failure(self, monkeypatch):
        assert self.pipe(monkeypatch, b"Subject: Hello\r\n\r\nKites", "-v2") == "No report on an email of ours.\n"

    def test_while_the_database_is_away_the_server_keeps_the_mail(self, monkeypatch):
        def away(*args):
            raise OperationalError

        monkeypatch.setattr("engagement.mail.management.commands.receive_bounces.read_report", away)
        with pytest.raises(CommandError) as failure:
            self.pipe(monkeypatch, b"")
        assert failure.value.returncode == 75

    def test_where_no_address_is_set(self, settings, monkeypatch):
        settings.BOUNCE_ADDRESS = ""
        with pytest.raises(CommandError, match="BOUNCE_ADDRESS is not set"):
            self.pipe(monkeypatch, b"")


@pytest.mark.once
class TestTheMailbox:
    @pytest.fixture
    def mailbox(self, settings, sent):
        row = sent()
        box = Mailbox({1: report(bounce_address(row.uuid)), 2: b"Subject: Away\r\n\r\nBack on Monday.", 7: b""})
        with serve(box):
            settings.BOUNCE_MAILBOX = f"imap://kites%40example.org:a%20long%20password@127.0.0.1:{box.port}"
            box.row = row
            yield box

    def test_reports_are_recorded_and_deleted_and_the_rest_stays(self, mailbox):
        assert periodic_tasks.read_bounces() == "1 reports, 2 other messages."
        assert state_of(mailbox.row)[0] == "bounced"
        assert mailbox.left() == {2: {"\\Seen"}, 7: {"\\Seen"}}
        assert periodic_tasks.read_bounces() == "0 reports, 0 other messages."

    def test_by_command(self, mailbox):
        out = io.StringIO()
        call_command("receive_bounces", "--mailbox", stdout=out)
        assert out.getvalue() == "1 reports, 2 other messages.\n"

    @pytest.mark.parametrize("change", ["wrong%20password@127.0.0.1", "a%20long%20password@127.0.0.1/Nowhere"])
    def test_a_mailbox_that_can_not_be_read_is_said_without_a_secret(self, mailbox, settings, change):
        start, _, rest = change.partition("@")
        host, _, folder = rest.partition("/")
        settings.BOUNCE_MAILBOX = f"imap://kites:{start}@{host}:{mailbox.port}/{folder}"
        said = periodic_tasks.read_bounces()
        assert said == "The mailbox for bounces can’t be read: error."
        with pytest.raises(CommandError, match="can’t be read"):
            call_command("receive_bounces", "--mailbox")
        assert len(mailbox.messages) == 3

    def test_a_server_that_is_away(self, mailbox, settings, unused_port):
        settings.BOUNCE_MAILBOX = f"imap://kites:secret@127.0.0.1:{unused_port}"
        assert periodic_tasks.read_bounces() == "The mailbox for bounces can’t be read: ConnectionRefusedError."

    @pytest.fixture
    def unused_port(self):
        box = Mailbox({})
        with serve(box):
            pass
        return box.port

    @pytest.mark.parametrize("url", ["imap://a:b@mail.example.org", "imaps://mail.example.org", "pop3://a:b@c", "x"])
    def test_an_address_that_is_none_is_an_error(self, settings, url):
        settings.BOUNCE_MAILBOX = url
        assert "mail.E004" in {check.id for check in checks.run_checks(tags=["mail"])}
        settings.BOUNCE_MAILBOX = "imaps://a:b@mail.example.org/Bounces"
        assert "mail.E004" not in {check.id for check in checks.run_checks(tags=["mail"])}

    def test_where_there_is_none(self, settings):
        settings.BOUNCE_MAILBOX = ""
        assert periodic_tasks.read_bounces() == "No mailbox is set up."

"""The public form: saved before anything is sent, whatever is typed, and nobody's mailbox is filled through it."""

import re
import uuid

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.complaints import workflow
from engagement.complaints.models import Complaint, ComplaintEvent
from engagement.mail.addresses import address_hash
from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import NOTICE_INTERVAL, compose
from engagement.mailing_list import abuse, subscription_service
from engagement.mailing_list.models import FormAttempt

FORM = "/data-protection-complaint/"
GOOD = {"text": "You wrote to me though I left.", "name": "Anna", "address": "anna@example.org"}


def send(client, **said):
    return client.post(FORM, GOOD | said)


class TestSending:
    def test_it_is_kept_and_a_receipt_is_queued(self, db, client):
        response = send(client, address=" Anna@EXAMPLE.org ")
        one = Complaint.objects.get()
        assert (one.text, one.name, one.address, one.state) == (
            "You wrote to me though I left.",
            "Anna",
            "Anna@example.org",
            "received",
        )
        assert (one.acknowledge_by - timezone.localdate(one.received_at)).days == 30
        assert ComplaintEvent.objects.get().action == "received"
        mail = TransactionalEmail.objects.get()
        assert (mail.kind, mail.object_id) == ("complaint-received", one.reference)
        assert response.status_code == 302
        assert one.reference not in response.url
        page = client.get(response.url)
        html = page.content.decode()
        assert one.reference in html
        assert "We mail the reference to the address you gave" in html
        assert "You wrote to me" not in html
        assert "Anna" not in html

    def test_without_an_address(self, db, client):
        html = client.get(send(client, address="", name="").url).content.decode()
        assert Complaint.objects.count() == 1
        assert not TransactionalEmail.objects.exists()
        assert "You gave no address, so we can’t write to you." in html

    def test_the_same_form_twice_is_one_complaint(self, db, client):
        key = BeautifulSoup(client.get(FORM).content, "html.parser").find(attrs={"name": "key"})["value"]
        send(client, key=key)
        page = client.get(send(client, key=key, text="Changed my mind").url)
        one = Complaint.objects.get()
        assert one.text == GOOD["text"]
        assert one.reference in page.content.decode()
        assert TransactionalEmail.objects.count() == 1

    def test_every_form_has_a_key_of_its_own(self, db, client):
        keys = {
            BeautifulSoup(client.get(FORM).content, "html.parser").find(attrs={"name": "key"})["value"] for _ in "ab"
        }
        assert len(keys) == 2

    @pytest.mark.parametrize("key", ["", "x", "0" * 5000, "\0"])
    def test_a_broken_key_refuses_nobody(self, db, client, key):
        assert send(client, key=key).status_code == 302
        assert send(client, key=key).status_code == 302
        assert Complaint.objects.count() == 2

    def test_two_at_the_same_moment_are_one(self, db, monkeypatch):
        key = uuid.uuid4()
        first = workflow.receive("One", client_key=key)
        real = Complaint.objects.filter
        # The look that comes before finds nothing: the other one isn't written yet.
        monkeypatch.setattr(
            Complaint.objects,
            "filter",
            lambda **said: Complaint.objects.none() if "client_key" in said else real(**said),
        )
        assert workflow.receive("Two", client_key=key) == first

    def test_no_more_than_three_receipts_a_day_and_no_complaint_is_lost(self, db, client):
        for _ in range(5):
            assert send(client, address="victim@example.org").status_code == 302
        assert Complaint.objects.count() == 5
        assert TransactionalEmail.objects.count() == 3

    def test_machines_that_fill_in_everything(self, db, client):
        response = send(client, trap="x")
        assert response.status_code == 422
        assert "Send it once more" in response.content.decode()
        assert not Complaint.objects.exists()

    def test_staff_are_told_if_an_address_is_set(self, db, client, settings):
        settings.COMPLAINTS_ADDRESS = "officer@example.org"
        send(client)
        news = TransactionalEmail.objects.get(kind="complaint-staff-notice")
        letter = compose(news)
        assert letter.to == "officer@example.org"
        assert f"/admin/complaints/{Complaint.objects.get().pk}/" in letter.text
        assert "Anna" not in letter.text + letter.html + letter.subject
        assert "You wrote" not in letter.text + letter.html

    def test_staff_are_told_of_many_in_one_mail(self, db, client, settings):
        settings.COMPLAINTS_ADDRESS = "officer@example.org"
        for _ in range(3):
            send(client, address="")
        first = TransactionalEmail.objects.get(kind="complaint-staff-notice")
        letter = compose(first)
        assert letter.subject == "3 complaints wait to be acknowledged"
        assert letter.text.count("/admin/complaints/") == 1
        assert "/admin/complaints/\n" in letter.text
        TransactionalEmail.objects.filter(pk=first.pk).update(state="accepted")
        # The next mail goes out an hour after the first at the earliest, for all that came meanwhile.
        for _ in range(3):
            send(client, address="")
        second = TransactionalEmail.objects.filter(kind="complaint-staff-notice").exclude(pk=first.pk).get()
        assert second.due_at == first.due_at + NOTICE_INTERVAL
        assert compose(second).subject == "6 complaints wait to be acknowledged"

    def test_staff_are_not_told_of_what_they_have_seen(self, db, client, settings):
        settings.COMPLAINTS_ADDRESS = "officer@example.org"
        send(client)
        workflow.acknowledge(Complaint.objects.get(), None)
        assert compose(TransactionalEmail.objects.get(kind="complaint-staff-notice")).reason == "gone"


class TestNobodyIsPestered:
    """The form takes every complaint, and mails a receipt to few addresses that somebody typed."""

    def test_from_one_network(self, db, settings, monkeypatch):
        settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
        monkeypatch.setattr(abuse, "COMPLAINTS_PER_NETWORK", 2)
        here = Client(headers={"X-Client-Address": "192.0.2.7"})
        pages = [here.get(send(here, address=f"{n}@example.org").url).content.decode() for n in range(3)]
        assert ["We mail the reference" in page for page in pages] == [True, True, False]
        assert "we mail no reference" in pages[2]
        assert "Our answer will go to the address you gave" in pages[2]
        elsewhere = Client(headers={"X-Client-Address": "198.51.100.7"})
        send(elsewhere, address="4@example.org")
        assert (Complaint.objects.count(), TransactionalEmail.objects.count()) == (4, 3)

    def test_from_everywhere(self, db, client, monkeypatch):
        monkeypatch.setattr(abuse, "COMPLAINTS_IN_ALL", 2)
        for number in range(4):
            assert send(client, address=f"{number}@example.org").status_code == 302
        assert (Complaint.objects.count(), TransactionalEmail.objects.count()) == (4, 2)
        FormAttempt.objects.update(at=timezone.now() - abuse.RATE_WINDOW)
        send(client)
        assert TransactionalEmail.objects.count() == 3

    def test_what_is_counted_names_nobody(self, db, client):
        send(client)
        assert "anna" not in str(vars(FormAttempt.objects.get()))
        assert FormAttempt.objects.get().address_hash == ""

    @pytest.mark.parametrize("reason", ["never", "complained"])
    def test_where_nothing_is_ever_sent(self, db, client, reason):
        page = client.get(send(client).url).content
        subscription_service.suppress(address_hash("anna@example.org"), reason)
        assert compose(TransactionalEmail.objects.get()) == Skip("suppressed")
        # Nobody learns of it from the form.
        reference = Complaint.objects.get().reference.encode()
        again = client.get(send(client).url).content
        assert again.replace(Complaint.objects.latest("pk").reference.encode(), reference) == page

    def test_who_left_the_list_gets_a_receipt(self, db, client):
        subscription_service.suppress(address_hash("anna@example.org"), "left")
        send(client)
        assert isinstance(compose(TransactionalEmail.objects.get()), Message)


class TestFloods:
    """Every complaint is taken; what comes in a flood is set apart, so that the others aren't lost among it."""

    @pytest.fixture(autouse=True)
    def small_limits(self, settings, monkeypatch):
        settings.CLIENT_ADDRESS_HEADER = "HTTP_X_CLIENT_ADDRESS"
        monkeypatch.setattr(abuse, "COMPLAINTS_PER_NETWORK", 2)
        monkeypatch.setattr(abuse, "COMPLAINTS_IN_ALL", 6)

    def complain(self, network, **said):
        client = Client(headers={"X-Client-Address": network})
        assert send(client, **said).status_code == 302
        return Complaint.objects.latest("pk")

    def test_one_network_floods_and_others_are_heard(self, db):
        made = [self.complain("192.0.2.7", address="") for _ in range(8)]
        assert [one.is_set_apart for one in made] == [False] * 2 + [True] * 6
        honest = self.complain("198.51.100.7", address="anna@example.org")
        assert not honest.is_set_apart
        assert Complaint.objects.count() == 9
        assert list(Complaint.objects.waiting()) == [*made[:2], honest]
        assert list(Complaint.objects.set_apart()) == made[2:]
        assert [event.action for event in made[7].events.all()] == ["set_apart"]

    def test_from_many_networks_the_first_of_each_is_heard(self, db):
        for number in range(3):
            for _ in range(2):
                assert not self.complain(f"192.0.{number}.7").is_set_apart
        assert not self.complain("198.51.100.7").is_set_apart
        assert self.complain("198.51.100.7").is_set_apart

    def test_where_no_network_is_known(self, db):
        assert [self.complain("").is_set_apart for _ in range(8)] == [False] * 6 + [True] * 2

    def test_the_same_form_sent_twice_is_no_flood(self, db):
        key = str(uuid.uuid4())
        for _ in range(4):
            self.complain("192.0.2.7", key=key)
        assert not Complaint.objects.get().is_set_apart
        assert not self.complain("192.0.2.7").is_set_apart

    def test_no_receipt_goes_out_for_a_flood_and_the_page_says_so(self, db):
        here = Client(headers={"X-Client-Address": "192.0.2.7"})
        for number in range(3):
            page = here.get(send(here, address=f"{number}@example.org").url).content.decode()
        assert "we mail no reference" in page
        assert TransactionalEmail.objects.count() == 2

    def test_it_keeps_nobody_off_the_mailing_list(self, db, rf, monkeypatch):
        monkeypatch.setattr(abuse, "PER_NETWORK", 3)
        for _ in range(5):
            self.complain("192.0.2.7")
        assert not abuse.network_is_rate_limited(rf.get("/", headers={"X-Client-Address": "192.0.2.7"}))

    def test_staff_are_told_how_many_were_set_apart(self, db, settings):
        settings.COMPLAINTS_ADDRESS = "officer@example.org"
        for _ in range(5):
            self.complain("192.0.2.7", address="")
        letter = compose(TransactionalEmail.objects.get())
        assert letter.subject == "2 complaints wait to be acknowledged"
        assert "3 more arrived with many others and were set apart" in " ".join(letter.text.split())
        for one in Complaint.objects.waiting():
            workflow.acknowledge(one, None)
        letter = compose(TransactionalEmail.objects.get(kind=workflow.STAFF_NOTICE))
        assert "3 arrived with many others and were set apart" in " ".join(letter.text.split())
        assert "/admin/complaints/set-apart/" in letter.text


class TestMistakes:
    @pytest.mark.parametrize(
        ("said", "field", "words"),
        [
            ({"text": ""}, "text", "Say what is wrong"),
            ({"text": " \n\t "}, "text", "Say what is wrong"),
            ({"text": "\0\x07"}, "text", "Say what is wrong"),
            ({"text": "x" * 5001}, "text", "Shorten this to 5,000 characters or fewer. It has 5,001"),
            ({"name": "x" * 121}, "name", "120 characters"),
            ({"address": "anna"}, "address", "right form"),
            ({"address": "anna@example.org\r\nBcc: b@example.org"}, "address", "control characters"),
            ({"address": "a" * 300 + "@example.org"}, "address", "254 characters"),
        ],
    )
    def test_each_is_said_beside_its_field_and_at_the_top(self, db, client, said, field, words):
        response = send(client, **said)
        assert response.status_code == 422
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.title.get_text().startswith("Error: ")
        summary = soup.find(class_="errs")
        assert summary.h2.get_text() == "There is a problem"
        link = summary.find("a")
        assert words in link.get_text()
        control = soup.find(id=link["href"].removeprefix("#"))
        assert control["name"] == field
        assert control["aria-invalid"] == "true"
        described = [soup.find(id=one).get_text() for one in control["aria-describedby"].split()]
        assert any(words in one for one in described)
        assert not Complaint.objects.exists()

    def test_what_was_typed_is_kept(self, db, client):
        soup = BeautifulSoup(send(client, address="anna").content, "html.parser")
        assert soup.textarea.get_text().strip() == GOOD["text"]
        assert soup.find(attrs={"name": "name"})["value"] == "Anna"
        assert soup.find(attrs={"name": "address"})["value"] == "anna"

    def test_a_megabyte_is_refused_and_not_sent_back(self, db, client):
        response = send(client, text="x" * 1_000_000)
        assert response.status_code == 422
        assert len(response.content) < 60_000

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(min_size=1, max_size=60), st.text(max_size=30), st.text(max_size=30))
    def test_whatever_is_typed_gets_an_answer(self, db, client, text, name, address):
        data = {
            key: value.encode("utf-8", "replace")
            for key, value in {"text": text, "name": name, "address": address}.items()
        }
        before = Complaint.objects.count()
        response = client.post(FORM, data)
        assert response.status_code in (302, 422)
        assert Complaint.objects.count() == before + (response.status_code == 302)

    def test_what_was_typed_is_text(self, db, client):
        html = send(
            client, text="</textarea><script>run()</script>", address='"><script>run()</script>'
        ).content.decode()
        assert "<script>run()" not in html


class TestNobodyIsFollowed:
    def test_no_cookie_and_nothing_kept(self, db, client):
        for response in (client.get(FORM), send(client), send(client, text="")):
            assert not response.cookies
            assert response.status_code == 302 or "no-store" in response["Cache-Control"]
        assert "csrfmiddlewaretoken" not in client.get(FORM).content.decode()

    @pytest.mark.parametrize("token", ["", "x", "WyJEUC1BIiwgdHJ1ZV0:1:x", "\0", "ü" * 500])
    def test_a_forged_receipt(self, db, client, token):
        response = client.get(reverse("complaint_received"), {"r": token})
        assert response.status_code == 404
        assert "This receipt can’t be shown any more" in response.content.decode()

    def test_an_old_receipt(self, db, client, monkeypatch):
        url = send(client).url
        monkeypatch.setattr("engagement.complaints.views.RECEIPT_SECONDS", -1)
        assert client.get(url).status_code == 404

    def test_references_say_nothing_and_can_be_read_out(self, db):
        made = {workflow._new_reference() for _ in range(200)}
        # Two may be the same once in a long while.
        assert len(made) >= 199
        assert all(re.fullmatch(r"DP-[A-HJKMNP-TV-Z2-9]{6}", one) for one in made)

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods(self, db, client, method):
        assert getattr(client, method)(FORM).status_code == 405


class TestMails:
    def test_nothing_that_was_typed_stands_in_a_receipt(self, db, client):
        send(client, name="Buy this", text="http://spam.example.org")
        letter = compose(TransactionalEmail.objects.get())
        whole = letter.subject + letter.text + letter.html
        assert "Buy this" not in whole
        assert "spam.example.org" not in whole
        assert Complaint.objects.get().reference in letter.subject
        assert Complaint.objects.get().reference in letter.text
        assert letter.headers["Auto-Submitted"] == "auto-generated"

    def test_no_mail_about_what_is_gone(self, db, client):
        send(client)
        Complaint.objects.update(address="", anonymised_at="2019-07-16T12:00Z")
        assert compose(TransactionalEmail.objects.get()).reason == "gone"

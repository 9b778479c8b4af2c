"""What staff do with one subscription, and adding one by hand: each is written down."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from engagement.mailing_list import subscription_service
from engagement.mailing_list.models import (
    CircuitBreaker,
    ConsentEvent,
    ConsentWording,
    ImportBatch,
    StaffAction,
    Subscription,
    Suppression,
)
from tests.mailing_list_admin.conftest import url

PAYLOAD = '"><img src=x onerror=run()>'
TEMPLATE = "{{ 7|add:7 }}"


def test_queries_of_one_person_dont_grow_with_what_there_is(officer, subscribed):
    one = subscribed("anna@example.org")
    with CaptureQueriesContext(connection) as before:
        officer.get(url("subscription", one.pk))
    for n in range(5):
        wording = ConsentWording.objects.create(name="sign-up", version=n + 1, text=f"Yes {n}", sha256=str(n) * 64)
        subscription_service.record_event(one, "changed", subscription_service.Evidence("web", wording=wording))
        TransactionalEmail.objects.create(kind="signup", address=one.address, address_hash=one.address_hash)
        StaffAction.write(one.uuid, "paused", officer.person, "So")
    with CaptureQueriesContext(connection) as after:
        html = officer.get(url("subscription", one.pk)).content.decode()
    assert len(after) == len(before)
    assert "Yes 4" in html


class TestActs:
    """Each goes through the same functions as people's own acts, and says who and why."""

    def act(self, client, name, one, **said):
        return client.post(url(name, one.pk), {"reason": "They wrote to us"} | said, follow=True)

    def assert_written(self, what, client, one):
        act = StaffAction.objects.get()
        assert (act.action, act.by, act.subscription, act.note) == (what, client.person, one.uuid, "They wrote to us")

    def test_end(self, officer, subscribed):
        one = subscribed("anna@example.org")
        page = self.act(officer, "end", one)
        assert "The subscription has ended." in page.content.decode()
        one.refresh_from_db()
        assert one.state == "ended"
        assert Suppression.objects.get().reason == "left"
        event = ConsentEvent.objects.filter(subscription=one.uuid).last()
        assert (event.action, event.method) == ("ended", "staff")
        self.assert_written("ended", officer, one)

    def test_ending_twice_says_so_and_is_written_down_once(self, officer, subscribed):
        one = subscribed("anna@example.org")
        self.act(officer, "end", one)
        assert "somebody else has changed it" in self.act(officer, "end", one).content.decode()
        self.assert_written("ended", officer, one)

    def test_pause(self, officer, subscribed):
        one = subscribed("anna@example.org")
        until = timezone.localdate() + timedelta(days=20)
        self.act(officer, "pause", one, until=until.isoformat())
        one.refresh_from_db()
        assert (one.state, one.paused_until) == ("paused", until)
        self.assert_written("paused", officer, one)

    @pytest.mark.parametrize("days", [-1, 0, 367])
    def test_a_pause_is_for_the_future_and_not_for_ever(self, officer, subscribed, days):
        one = subscribed("anna@example.org")
        until = timezone.localdate() + timedelta(days=days)
        html = self.act(officer, "pause", one, until=until.isoformat()).content.decode()
        assert "Enter a day from tomorrow to a year from now" in html
        assert 'href="#id_until"' in html
        assert "Error: " in html.split("</title>")[0]
        one.refresh_from_db()
        assert one.state == "active"

    def test_suppress(self, officer, subscribed):
        one = subscribed("anna@example.org")
        self.act(officer, "suppress", one)
        one.refresh_from_db()
        assert one.state == "ended"
        assert Suppression.objects.get().reason == "never"
        self.assert_written("suppressed", officer, one)
        assert "Never write to this address" not in officer.get(url("subscription", one.pk)).content.decode()

    def test_erase(self, officer, subscribed):
        one = subscribed("anna@example.org")
        page = self.act(officer, "erase", one, sure="on")
        assert "Everything that named this person is deleted, except complaints" in page.content.decode()
        assert not Subscription.objects.exists()
        assert Suppression.objects.get().reason == "erased"
        assert ConsentEvent.objects.get(action="erased").method == "staff"
        self.assert_written("erased", officer, one)

    def test_erasing_asks_twice(self, officer, subscribed):
        one = subscribed("anna@example.org")
        assert "Tick the box" in self.act(officer, "erase", one).content.decode()
        assert Subscription.objects.filter(pk=one.pk).exists()

    @pytest.mark.parametrize("name", ["end", "pause", "suppress", "erase"])
    def test_nothing_without_a_reason(self, officer, subscribed, name):
        one = subscribed("anna@example.org")
        html = self.act(officer, name, one, reason=" ", sure="on", until="2999-01-01").content.decode()
        assert "Say why" in html
        assert not StaffAction.objects.exists()

    @pytest.mark.parametrize("name", ["end", "suppress", "erase"])
    def test_looking_changes_nothing(self, officer, subscribed, name):
        one = subscribed("anna@example.org")
        assert officer.get(url(name, one.pk)).status_code == 200
        one.refresh_from_db()
        assert one.state == "active"
        assert not StaffAction.objects.exists()

    def test_somebody_who_may_only_look(self, person, subscribed, client):
        viewer = person(name="viewer")
        for codename in ("view_subscription", "access_admin"):
            viewer.user_permissions.add(Permission.objects.get(codename=codename))
        client.force_login(viewer)
        one = subscribed("anna@example.org")
        html = client.get(url("subscription", one.pk)).content.decode()
        assert "Erase this person" not in html
        for name in ("end", "suppress", "erase", "pause"):
            response = client.post(url(name, one.pk), {"reason": "So", "sure": "on"})
            assert response.url == reverse("wagtailadmin_home")
            # Nor is it told whether there is such a row.
            assert client.get(url(name, 999999)).status_code == 302
        one.refresh_from_db()
        assert one.state == "active"


class TestAddingByHand:
    def add(self, client, offered, **said):
        form = {
            "address": "Anna@EXAMPLE.org ",
            "name": "Anna",
            "organisation": "",
            "topics": [offered[0].pk],
            "frequency": "monthly",
            "consent_date": "2019-07-16",
            "evidence": "Folder M12, sheet 40",
        }
        return client.post(url("add"), form | said, follow=True)

    def test_with_evidence_and_a_mail_that_says_so(self, officer, topics):
        self.add(officer, topics)
        made = Subscription.objects.get()
        assert (made.address, made.state, made.method, made.frequency) == (
            "Anna@example.org",
            "active",
            "paper",
            "monthly",
        )
        event = ConsentEvent.objects.get()
        assert (event.action, event.method, event.topics) == ("added", "paper", ["boats"])
        assert event.evidence == "2019-07-16: Folder M12, sheet 40"
        act = StaffAction.objects.get()
        assert (act.action, act.by, act.subscription) == ("added", officer.person, made.uuid)
        letter = compose(TransactionalEmail.objects.get())
        assert letter.to == made.address
        for form in (letter.text, letter.html):
            assert "agreed on paper" in form
            assert "/mailing-list/leave/?t=" in form
            assert "/mailing-list/manage/?t=" in form
            assert "Boats" in form
        assert letter.headers["Auto-Submitted"] == "auto-generated"

    def test_no_mail_to_somebody_who_has_left_meanwhile(self, officer, topics):
        self.add(officer, topics)
        subscription_service.unsubscribe(Subscription.objects.get(), subscription_service.Evidence("web"))
        assert compose(TransactionalEmail.objects.get()).reason == "left"

    @pytest.mark.parametrize(
        ("state", "words"),
        [("active", "on the list already"), ("paused", "on the list already"), ("pending", "has not confirmed yet")],
    )
    def test_not_twice(self, officer, topics, subscribed, state, words):
        subscribed("anna@example.org", state=state)
        html = self.add(officer, topics).content.decode()
        assert words in html
        assert 'value="Folder M12, sheet 40"' in html
        assert Subscription.objects.count() == 1
        assert not TransactionalEmail.objects.exists()

    @pytest.mark.parametrize("reason", Suppression.Reason.values)
    def test_not_who_is_suppressed_for_whatever_reason(self, officer, topics, reason):
        subscription_service.suppress(address_hash("anna@example.org"), reason)
        html = self.add(officer, topics).content.decode()
        assert "This address is suppressed" in html
        assert not Subscription.objects.exists()
        assert not TransactionalEmail.objects.exists()

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"address": "anna"}, "right form"),
            ({"address": "anna@example.org\nBcc: b@example.org"}, "control characters"),
            ({"address": ""}, "Enter the email address"),
            ({"topics": []}, "Choose at least one topic"),
            ({"frequency": ""}, "Choose how often"),
            ({"consent_date": ""}, "Enter the day on the form"),
            ({"consent_date": "2999-01-01"}, "not in the future"),
            ({"evidence": ""}, "Say where the form is kept"),
            ({"evidence": "x" * 181}, "180 characters"),
        ],
    )
    def test_what_is_wrong_is_said(self, officer, topics, said, words):
        html = self.add(officer, topics, **said).content.decode()
        assert "There is a problem" in html
        assert words in html
        assert not Subscription.objects.exists()


@pytest.mark.parametrize("payload", [PAYLOAD, TEMPLATE, "<script>run()</script>"])
def test_what_people_wrote_is_text_everywhere(officer, subscribed, topics, payload):
    topics[0].name = payload
    topics[0].save()
    one = subscribed("anna@example.org", topics[0], name=payload, organisation=payload, end_reason=payload[:20])
    wording = ConsentWording.objects.create(name="sign-up", version=1, text=payload, sha256="0" * 64)
    ConsentEvent.objects.create(
        subscription=one.uuid,
        address_hash=one.address_hash,
        action="changed",
        topics=[payload],
        wording=wording,
        page=payload,
        privacy_notice=payload,
        evidence=payload,
    )
    StaffAction.write(one.uuid, "paused", officer.person, payload)
    ImportBatch.objects.create(file_name=payload, sha256="0", rows=1, added=1, skipped={payload: 1}, by=officer.person)
    TransactionalEmail.objects.create(kind=payload, address_hash=one.address_hash, reason=payload)
    CircuitBreaker.objects.create(tripped_at=timezone.now(), reason=payload)
    names = [("overview",), ("subscriptions",), ("subscription", one.pk), ("add",), ("import",), ("end", one.pk)]
    for name in names:
        html = officer.get(url(*name)).content.decode()
        assert "<img src=x" not in html, name
        assert "<script>run()" not in html, name
    shown = officer.get(url("subscription", one.pk)).content.decode()
    assert "onerror" in shown or "7|add" in shown or "&lt;script&gt;" in shown

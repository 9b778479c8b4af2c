"""The staff pages of the list: found, filtered, exported, changed; and written down."""

import csv
import io
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
from engagement.mailing_list import erasure_log, subscription_service
from engagement.mailing_list.models import (
    CircuitBreaker,
    ConsentEvent,
    ConsentWording,
    ImportBatch,
    StaffAction,
    Subscription,
    Suppression,
)
from nelis.core.models import DrawnChart

PAYLOAD = '"><img src=x onerror=run()>'
TEMPLATE = "{{ 7|add:7 }}"


def url(name, *args):
    return reverse(f"mailing_list_admin:{name}", args=args)


def exported(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestListing:
    def addresses(self, client, **asked):
        html = client.get(url("subscriptions"), asked).content.decode()
        return {one.address for one in Subscription.objects.all() if one.address in html}

    def test_found_by_part_of_the_address(self, officer, subscribed):
        subscribed("anna@example.org")
        subscribed("bert@example.com", organisation="Exampleshire Boats")
        assert self.addresses(officer, q="ANNA@") == {"anna@example.org"}
        assert self.addresses(officer, q="boats") == {"bert@example.com"}
        assert self.addresses(officer, q="%") == set()

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"state": "paused"}, {"b@example.org"}),
            ({"state": ["paused", "pending"]}, {"b@example.org", "c@example.org"}),
            ({"frequency": "monthly"}, {"a@example.org"}),
            ({"method": "paper"}, {"c@example.org"}),
            ({"created_at_from": "2019-07-01", "created_at_to": "2019-07-31"}, {"a@example.org"}),
            ({"created_at_from": "nonsense"}, {"a@example.org", "b@example.org", "c@example.org"}),
            ({"state": "nonsense"}, {"a@example.org", "b@example.org", "c@example.org"}),
        ],
    )
    def test_filters(self, officer, subscribed, asked, found):
        subscribed("a@example.org", frequency="monthly")
        subscribed("b@example.org", state="paused")
        subscribed("c@example.org", state="pending", method="paper")
        Subscription.objects.filter(address="a@example.org").update(
            created_at=timezone.make_aware(timezone.datetime(2019, 7, 16, 12))
        )
        assert self.addresses(officer, **asked) == found

    def test_by_topic(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[0], topics[1])
        subscribed("b@example.org", topics[2])
        assert self.addresses(officer, topics=topics[1].pk) == {"a@example.org"}

    def test_pages(self, officer, subscribed):
        for n in range(51):
            subscribed(f"p{n:02}@example.org", days=n)
        assert "p50@example.org" not in self.addresses(officer)
        assert self.addresses(officer, p=2) == {"p50@example.org"}
        assert officer.get(url("subscriptions"), {"p": "9" * 30}).status_code == 200

    def test_no_page_of_peoples_data_is_kept_by_a_browser(self, officer, subscribed):
        one = subscribed("anna@example.org")
        for address in (url("subscriptions"), url("subscription", one.pk), url("overview"), url("export")):
            assert "no-store" in officer.get(address)["Cache-Control"], address

    def test_wagtails_own_export_is_off(self, officer, subscribed):
        subscribed("anna@example.org", name="=1+1")
        response = officer.get(url("subscriptions"), {"export": "csv"})
        assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("name", ["overview", "subscriptions", "export"])
def test_queries_dont_grow_with_the_list(officer, subscribed, topics, name):
    counted = []
    for count in (2, 30):
        for n in range(count):
            subscribed(f"p{count}-{n}@example.org", *topics)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = officer.get(url(name))
            if response.streaming:
                response.getvalue()
        counted.append(len(queries))
    # A chart is asked for on the first visit.
    assert counted[1] <= counted[0]


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


class TestExport:
    def test_what_the_filters_show(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[1], topics[0], frequency="weekly", days=3)
        subscribed("b@example.org", state="paused")
        [row] = exported(officer.get(url("export"), {"state": "active"}))
        assert row["address"] == "a@example.org"
        assert row["topics"] == "boats|bridges"
        assert row["frequency"] == "Once a week"

    def test_formulas_are_neutralised(self, officer, subscribed):
        subscribed("a@example.org", name="=HYPERLINK(1)", organisation="@SUM(1)")
        subscribed("=cmd@example.org")
        rows = {row["address"]: row for row in exported(officer.get(url("export")))}
        assert rows["a@example.org"]["name"] == "'=HYPERLINK(1)"
        assert rows["a@example.org"]["organisation"] == "'@SUM(1)"
        assert "'=cmd@example.org" in rows

    def test_it_is_written_down_without_what_was_searched_for(self, officer, subscribed):
        subscribed("anna@example.org")
        subscribed("bert@example.org")
        officer.get(url("export"), {"q": "anna@", "state": "active"})
        act = StaffAction.objects.get()
        assert (act.action, act.by, act.people) == ("exported", officer.person, 1)
        assert act.note == "Filters: state=active, searched"

    def test_nothing_in_its_address_stops_it_or_is_kept_if_it_names_somebody(self, officer, subscribed):
        subscribed("anna@example.org")
        assert officer.get(url("export") + "?topics=%00&who=anna%40example.org").status_code == 200
        assert StaffAction.objects.get().note == "Filters: topics=, who=[mail address]"


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
        assert "somebody else was quicker" in self.act(officer, "end", one).content.decode()
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


class TestOverview:
    def test_the_first_page_says_that_confirmations_are_held_back(self, officer, signed_in, topics):
        front = reverse("wagtailadmin_home")
        assert "Confirmations are held back" not in officer.get(front).content.decode()
        CircuitBreaker.objects.create(tripped_at=timezone.now(), reason="90 of 100 were not confirmed.")
        TransactionalEmail.objects.create(kind="signup", address="a@example.org", state="retry")
        page = officer.get(front).content.decode()
        assert "Confirmations are held back" in page
        assert "90 of 100 were not confirmed. 1 sign-up waits" in page
        assert "Confirmations are held back" not in signed_in("Content editor").get(front).content.decode()

    def test_the_breaker_is_shown_and_reset(self, officer, topics):
        CircuitBreaker.objects.create(tripped_at=timezone.now(), reason="90 of 100 were not confirmed.")
        html = officer.get(url("overview")).content.decode()
        assert "Confirmations are held back" in html
        assert "90 of 100 were not confirmed." in html
        assert officer.get(url("reset_circuit_breaker")).status_code == 405
        html = officer.post(url("reset_circuit_breaker"), follow=True).content.decode()
        assert "Confirmations go out again." in html
        breaker = CircuitBreaker.objects.get()
        assert breaker.tripped_at is None
        assert breaker.reset_by == officer.person
        assert StaffAction.objects.get().action == "reset"

    def test_counts(self, officer, subscribed, topics):
        subscribed("a@example.org", topics[0], topics[1])
        subscribed("b@example.org", topics[0], state="paused")
        subscribed("c@example.org", topics[0], state="pending")
        response = officer.get(url("overview"))
        counts = {topic.slug: (topic.active, topic.paused) for topic in response.context["topics"]}
        assert counts == {"boats": (1, 1), "bridges": (1, 0), "bells": (0, 0)}
        assert {label: number for _, label, number in response.context["states"]}["Paused"] == 1

    def test_the_charts_are_asked_for(self, officer, subscribed):
        subscribed("a@example.org", days=20)
        html = officer.get(url("overview")).content.decode()
        assert "How the list has grown" in html
        assert "1 person is on the list today." in html
        assert set(DrawnChart.objects.values_list("name", flat=True)) == {"mailing-list-growth", "mailing-list-topics"}


class TestSuppressions:
    def test_one_is_looked_up_and_that_it_was_is_written_down(self, officer, topics):
        subscription_service.suppress(address_hash("anna@example.org"), "bounced")
        html = officer.post(url("suppressions"), {"address": "ANNA@example.org"}).content.decode()
        assert "This address is suppressed: mail to it bounced for good" in html
        html = officer.post(url("suppressions"), {"address": "bert@example.org"}).content.decode()
        assert "This address is not suppressed" in html
        assert StaffAction.objects.filter(action="checked", by=officer.person, note="").count() == 2

    def test_an_address_that_is_not_on_the_list_is_kept_out_and_let_go(self, officer, topics, tmp_path, settings):
        settings.DATA_DIR = tmp_path
        said = {"address": "Anna@example.org", "reason": "By letter"}
        page = officer.post(url("suppress_address"), said, follow=True).content.decode()
        assert "Nothing will ever be sent to this address." in page
        assert Suppression.objects.get().reason == "never"
        erasure_log.write_log()
        assert "kept out for good already" in officer.post(url("suppress_address"), said).content.decode()
        page = officer.post(url("lift_suppression"), said | {"reason": "A mistake"}, follow=True).content.decode()
        assert "can sign up again" in page
        # As somebody who left: they can come back by themselves, and no import brings them.
        assert Suppression.objects.get().reason == "left"
        assert "kept out for good" in officer.post(url("lift_suppression"), said).content.decode()
        acts = StaffAction.objects.order_by("pk").values_list("action", "note", "by")
        assert list(acts) == [
            ("suppressed", "By letter", officer.person.pk),
            ("lifted", "A mistake", officer.person.pk),
        ]
        # Nor does the list by which a backup is put right keep them out for good.
        erasure_log.write_log()
        erasure_log.replay()
        assert Suppression.objects.get().reason == "left"

    def test_a_complaint_by_mistake_is_lifted_and_a_subscription_is_ended(
        self, officer, subscribed, tmp_path, settings
    ):
        settings.DATA_DIR = tmp_path
        one = subscribed("anna@example.org")
        officer.post(url("suppress_address"), {"address": "anna@example.org", "reason": "By letter"})
        one.refresh_from_db()
        assert one.state == "ended"
        Suppression.objects.update(reason="complained")
        officer.post(url("lift_suppression"), {"address": "anna@example.org", "reason": "Wrong button"})
        assert Suppression.objects.get().reason == "left"
        assert set(StaffAction.objects.values_list("action", "subscription")) == {
            ("suppressed", one.uuid),
            ("lifted", one.uuid),
        }

    @pytest.mark.parametrize("name", ["suppress_address", "lift_suppression"])
    @pytest.mark.parametrize("missing", ["address", "reason"])
    def test_nothing_is_done_without_an_address_or_a_reason(self, officer, topics, name, missing):
        subscription_service.suppress(address_hash("bert@example.org"), "never")
        said = {"address": "bert@example.org" if name == "lift" else "anna@example.org", "reason": "So", missing: ""}
        assert "There is a problem" in officer.post(url(name), said).content.decode()
        assert Suppression.objects.get().reason == "never"
        assert not StaffAction.objects.exists()

    def test_counts_and_no_list(self, officer, topics):
        subscription_service.suppress(address_hash("anna@example.org"), "bounced")
        html = officer.get(url("suppressions")).content.decode()
        assert Suppression.objects.get().address_hash not in html
        assert dict(officer.get(url("suppressions")).context["reasons"])["Mail to it bounced for good"] == 1


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

"""Complaints in the admin: the clock, the steps, the log."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.complaints import workflow
from engagement.complaints.models import Complaint, ComplaintEvent
from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.transactional import compose
from engagement.mailing_list import subscription_service
from nelis.core.models.abstract import AppendOnlyError

pytestmark = pytest.mark.pg

PAYLOAD = '"><img src=x onerror=run()>'


def url(name, *args):
    return reverse(f"complaints_admin:{name}", args=args)


def complaint(days=0, **said):
    """One that came so many days ago."""
    made = workflow.receive(said.pop("text", "Something is wrong"), **said)
    today = timezone.localdate()
    Complaint.objects.filter(pk=made.pk).update(
        received_at=timezone.now() - timedelta(days=days), acknowledge_by=today + timedelta(days=30 - days)
    )
    made.refresh_from_db()
    return made


class TestClock:
    @pytest.mark.parametrize(("days", "left"), [(0, 30), (29, 1), (30, 0), (31, -1), (400, -370)])
    def test_days_left(self, db, days, left):
        assert complaint(days).days_left(timezone.localdate()) == left

    def test_it_stops_once_acknowledged(self, db, person):
        late, early = complaint(31), complaint(30)
        for one in (late, early):
            workflow.acknowledge(one, person(name=str(one.pk)))
            one.refresh_from_db()
        assert late.days_left(timezone.localdate()) is None
        assert (late.was_in_time, early.was_in_time) == (False, True)

    def test_overdue_is_what_should_have_been_acknowledged_yesterday(self, officer):
        complaint(30)
        complaint(31)
        assert "<b>1 overdue.</b>" in officer.get("/admin/").content.decode()

    def test_the_most_urgent_first(self, db, person, officer):
        new, late, soon, open_one, done = complaint(0), complaint(40), complaint(20), complaint(50), complaint(60)
        workflow.acknowledge(open_one, officer.person)
        workflow.answer(done, "So", officer.person)
        assert list(Complaint.objects.urgent_first()) == [late, soon, new, open_one, done]
        html = officer.get(url("complaints")).content.decode()
        assert html.index(late.reference) < html.index(soon.reference) < html.index(new.reference)
        assert f"Overdue since {late.acknowledge_by:%-d %B %Y}" in html
        assert "10 days" in html


class TestSteps:
    """received → acknowledged → answered, each written down with who took it."""

    def test_acknowledge(self, officer):
        one = complaint(address="anna@example.org")
        officer.post(url("acknowledge", one.pk), {"note": "Seen"})
        one.refresh_from_db()
        assert one.state == "acknowledged"
        event = one.events.last()
        assert (event.action, event.by, event.note) == ("acknowledged", officer.person, "Seen")
        letter = compose(TransactionalEmail.objects.filter(kind="complaint-acknowledged").get())
        assert letter.to == "anna@example.org"
        assert one.reference in letter.subject

    def test_answer(self, officer):
        one = complaint(address="anna@example.org")
        officer.post(url("answer", one.pk), {"outcome": "We are sorry.\n\nIt is <b>put right</b>.", "note": ""})
        one.refresh_from_db()
        assert (one.state, one.outcome) == ("answered", "We are sorry.\n\nIt is <b>put right</b>.")
        assert one.acknowledged_at is not None
        letter = compose(TransactionalEmail.objects.filter(kind="complaint-answered").get())
        assert "It is <b>put right</b>." in letter.text
        assert "<b>put right" not in letter.html
        assert "&lt;b&gt;put right" in letter.html
        assert "ico.org.uk" in letter.text

    def test_no_mail_without_an_address(self, officer):
        one = complaint()
        officer.post(url("acknowledge", one.pk), {"note": ""})
        officer.post(url("answer", one.pk), {"outcome": "So", "note": ""})
        assert not TransactionalEmail.objects.exists()

    def test_each_once(self, officer):
        one = complaint(address="anna@example.org")
        for _ in "ab":
            page = officer.post(url("acknowledge", one.pk), {"note": ""}, follow=True)
        assert "a colleague was quicker" in page.content.decode()
        for _ in "ab":
            officer.post(url("answer", one.pk), {"outcome": "So", "note": ""})
        officer.post(url("acknowledge", one.pk), {"note": ""})
        assert [event.action for event in one.events.all()] == ["received", "acknowledged", "answered"]
        assert TransactionalEmail.objects.count() == 3

    def test_a_note(self, officer):
        one = complaint()
        officer.post(url("note", one.pk), {"note": "Asked the provider"})
        one.refresh_from_db()
        assert one.state == "received"
        assert one.events.last().note == "Asked the provider"
        assert "Write a note" in officer.post(url("note", one.pk), {"note": ""}).content.decode()

    def test_looking_changes_nothing(self, officer):
        one = complaint()
        for name in ("acknowledge", "answer", "note"):
            assert officer.get(url(name, one.pk)).status_code == 200
        assert one.events.count() == 1

    def test_steps_are_never_changed(self, officer):
        event = complaint().events.get()
        event.note = "Something else"
        with pytest.raises(AppendOnlyError):
            event.save()
        with pytest.raises(AppendOnlyError):
            event.delete()

    def test_the_database_holds_the_rules_too(self, db):
        one = complaint()
        for wrong in (
            {"state": "acknowledged"},
            {"state": "answered", "acknowledged_at": timezone.now()},
            {"acknowledged_at": timezone.now()},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Complaint.objects.filter(pk=one.pk).update(**wrong)

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(["acknowledge", "answer", "note"]), max_size=6))
    def test_any_order_of_steps_leads_forward(self, db, taken):
        one = workflow.receive("x")
        order = {"received": 0, "acknowledged": 1, "answered": 2}
        state = "received"
        for step in taken:
            more = ("So",) if step == "answer" else ()
            if step == "note":
                workflow.add_note(one, "So", None)
            else:
                getattr(workflow, step)(one, *more, None)
            one.refresh_from_db()
            assert order[one.state] >= order[state]
            state = one.state
        said = [event.action for event in one.events.all() if event.action != "note"]
        assert len(said) == len(set(said))
        assert said[-1] == state


def test_staff_see_that_an_address_is_never_to_be_written_to(officer):
    one, other = complaint(address="anna@example.org"), complaint(address="bert@example.org")
    subscription_service.suppress(address_hash("anna@example.org"), "never")
    words = "asked that nothing be sent to this address"
    assert words in officer.get(url("complaint", one.pk)).content.decode()
    assert words not in officer.get(url("complaint", other.pk)).content.decode()


class TestWhatCameInAFlood:
    @pytest.fixture
    def flood(self, db):
        return [workflow.receive(f"Words {number}", name="Anna", is_flood=True) for number in range(3)]

    def test_it_has_a_page_of_its_own(self, officer, flood):
        honest = complaint()
        listed = officer.get(url("complaints")).content.decode()
        assert honest.reference in listed
        assert "3 arrived with many others" in listed
        assert not any(one.reference in listed for one in flood)
        apart = officer.get(url("set_apart")).content.decode()
        assert all(one.reference in apart for one in flood)
        assert "Words 1" in apart
        assert honest.reference not in apart
        assert "3 more arrived with many others" in officer.get("/admin/").content.decode()

    def test_one_is_put_among_the_others(self, officer, flood):
        officer.post(url("take_back", flood[1].pk), {"note": "A person wrote this"})
        assert list(Complaint.objects.waiting()) == [flood[1]]
        assert [event.action for event in flood[1].events.all()] == ["set_apart", "taken_back"]
        page = officer.post(url("take_back", flood[1].pk), {"note": ""}, follow=True)
        assert "a colleague was quicker" in page.content.decode()

    def test_the_rest_is_discarded_and_emptied(self, officer, flood):
        honest = complaint(name="Bert")
        shown = officer.get(url("discard_set_apart"))
        assert "3 complaints are closed" in shown.content.decode()
        last = shown.context["form"]["last"].value()
        later = workflow.receive("Came while somebody looked", is_flood=True)
        page = officer.post(url("discard_set_apart"), {"last": last, "note": "A script"}, follow=True)
        assert "3 discarded." in page.content.decode()
        for one in flood:
            one.refresh_from_db()
            assert (one.state, one.name, one.text) == ("answered", "", "")
            event = one.events.last()
            assert (event.action, event.by, event.note) == ("discarded", officer.person, "A script")
        honest.refresh_from_db()
        assert (honest.state, honest.name) == ("received", "Bert")
        assert list(Complaint.objects.set_apart()) == [later]
        assert not TransactionalEmail.objects.exists()

    @pytest.mark.parametrize("last", ["", "x", "0", "9" * 30])
    def test_a_broken_form_discards_nothing(self, officer, flood, last):
        assert officer.post(url("discard_set_apart"), {"last": last, "note": "A script"}).status_code == 200
        assert Complaint.objects.set_apart().count() == 3


class TestLog:
    def test_every_step_and_nobody_who_complained(self, officer):
        one = complaint(31, name="Anna", address="anna@example.org", text="Secret")
        workflow.acknowledge(one, officer.person, "=1+1")
        text = officer.get(url("log")).getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["step"] for row in rows] == ["Received", "Acknowledged"]
        assert rows[1]["note"] == "'=1+1"
        assert rows[1]["acknowledged_in_time"] == "no"
        for secret in ("Anna", "anna@", "Secret"):
            assert secret not in text


class TestPanel:
    def front(self, client):
        return client.get(reverse("wagtailadmin_home")).content.decode()

    def test_what_waits_stands_on_the_first_page(self, officer):
        assert "Complaints to acknowledge" not in self.front(officer)
        late = complaint(31)
        html = self.front(officer)
        assert "1 overdue." in html
        assert late.reference in html

    def test_not_for_others(self, signed_in):
        late = complaint(31)
        assert late.reference not in self.front(signed_in("Content editor"))


def test_queries_dont_grow(officer):
    counted = []
    for count in (1, 20):
        for _ in range(count):
            complaint()
        one = Complaint.objects.first()
        for n in range(count):
            workflow.add_note(one, str(n), officer.person)
        with CaptureQueriesContext(connection) as queries:
            officer.get(url("complaints"))
            officer.get(url("complaint", one.pk))
            officer.get(url("log")).getvalue()
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("payload", [PAYLOAD, "<script>run()</script>", "{{ 7|add:7 }}"])
def test_what_was_written_is_text(officer, payload):
    one = complaint(text=payload, name=payload)
    workflow.answer(one, payload, officer.person, payload)
    for name, args in (("complaints", ()), ("complaint", (one.pk,)), ("note", (one.pk,))):
        html = officer.get(url(name, *args)).content.decode()
        assert "<img src=x" not in html
        assert "<script>run()" not in html
    assert ComplaintEvent.objects.filter(note=payload).exists()


def test_many_have_pages(officer):
    for _ in range(51):
        complaint()
    assert "Page 1 of 2" in officer.get(url("complaints")).content.decode()
    assert officer.get(url("complaints"), {"p": "9" * 30}).status_code == 200

"""What is kept, what goes and when; personal data by command."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.complaints import workflow
from engagement.complaints.models import Complaint
from engagement.mail.addresses import address_hash
from engagement.mail.models import TransactionalEmail
from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mailing_list import links, personal_data, retention, subscription_service
from engagement.mailing_list.models import (
    ConsentEvent,
    FormAttempt,
    StaffAction,
    Subscription,
    Suppression,
    Token,
    UploadedList,
)
from engagement.mailing_list.subscription_service import Evidence

pytestmark = pytest.mark.pg

NOW = timezone.now()


def ago(**span):
    return timezone.now() - timedelta(**span)


def run(*args):
    out = StringIO()
    call_command(*args, stdout=out, stderr=out)
    return out.getvalue()


class TestRules:
    """Each row goes after its time, and not a moment before."""

    def test_sign_ups_expire_and_then_go(self, subscribed):
        old = subscribed("old@example.org", days=8, state="pending")
        fresh = subscribed("fresh@example.org", days=6, state="pending")
        retention.run()
        old.refresh_from_db()
        assert old.state == "expired"
        Subscription.objects.filter(pk=old.pk).update(ended_at=ago(days=8))
        retention.run()
        assert list(Subscription.objects.all()) == [fresh]
        assert [event.action for event in ConsentEvent.objects.filter(subscription=old.uuid)] == [
            "requested",
            "expired",
        ]

    @pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
    def test_ended_ones_go_and_the_suppression_stays(self, subscribed, days, stays):
        one = subscribed("anna@example.org")
        subscription_service.unsubscribe(one, Evidence("web"))
        Subscription.objects.filter(pk=one.pk).update(ended_at=ago(days=days))
        retention.run()
        assert Subscription.objects.exists() == stays
        assert Suppression.objects.get().reason == "left"
        assert ConsentEvent.objects.filter(action="ended").exists()

    def test_whoever_is_on_the_list_stays_however_long(self, subscribed):
        subscribed("a@example.org", days=4000)
        subscribed("b@example.org", days=4000, state="paused")
        retention.run()
        assert Subscription.objects.count() == 2

    @pytest.mark.parametrize(("days", "stays"), [(6, True), (8, False)])
    def test_attempts(self, db, days, stays):
        FormAttempt.objects.create(at=ago(days=days), outcome="signup")
        retention.run()
        assert FormAttempt.objects.exists() == stays

    @pytest.mark.parametrize(
        ("used", "expires", "stays"),
        [(None, -6, True), (None, -8, False), (-6, 3, True), (-8, 3, False), (None, 3, True)],
    )
    def test_links(self, subscribed, used, expires, stays):
        links.create_token(subscribed("anna@example.org"), Token.Purpose.CONFIRM)
        used_at = ago(days=-used) if used else None
        Token.objects.update(used_at=used_at, expires_at=ago(days=-expires))
        retention.run()
        assert Token.objects.exists() == stays

    @pytest.mark.parametrize(("hours", "stays"), [(23, True), (25, False)])
    def test_uploads(self, person, hours, stays):
        UploadedList.objects.create(
            file_name="x", sha256="x", content=b"x", by=person("Administrator"), at=ago(hours=hours)
        )
        retention.run()
        assert UploadedList.objects.exists() == stays

    @pytest.mark.parametrize("state", TransactionalEmail.State.values)
    @pytest.mark.parametrize("days", [6, 8, 31])
    def test_addresses_of_mails(self, db, state, days):
        settled = ago(days=days) if state in TransactionalEmail.SETTLED else None
        mail = TransactionalEmail.objects.create(
            kind="signup",
            address="a@example.org",
            address_hash="x",
            data={"name": "A"},
            state=state,
            settled_at=settled,
        )
        retention.run()
        mail.refresh_from_db()
        kept = 30 if state == "unknown" else 7
        goes = state in TransactionalEmail.SETTLED and days > kept
        assert (mail.address, mail.data) == (("", {}) if goes else ("a@example.org", {"name": "A"}))
        assert mail.address_hash == "x"

    @pytest.mark.parametrize(("days", "stays"), [(729, True), (731, False)])
    def test_complaints(self, person, days, stays):
        one = workflow.receive("You wrote to me", name="Anna", address="a@example.org")
        workflow.answer(one, "We are sorry", person("Administrator"))
        Complaint.objects.update(answered_at=ago(days=days))
        retention.run()
        one.refresh_from_db()
        named = [one.name, one.address, one.text, one.outcome]
        assert named == (["Anna", "a@example.org", "You wrote to me", "We are sorry"] if stays else [""] * 4)
        assert one.events.filter(action="anonymised").exists() != stays

    def test_one_that_waits_stays_however_long(self, db):
        workflow.receive("You wrote to me", address="a@example.org")
        Complaint.objects.update(received_at=ago(days=4000))
        retention.run()
        assert Complaint.objects.get().text

    def test_again_finds_nothing(self, subscribed, person):
        self.test_ended_ones_go_and_the_suppression_stays(subscribed, 31, False)
        assert not any(retention.run().values())

    def test_a_dry_run_counts_and_changes_nothing(self, subscribed):
        subscribed("old@example.org", days=8, state="pending")
        ended = subscribed("b@example.org")
        subscription_service.unsubscribe(ended, Evidence("web"))
        Subscription.objects.filter(pk=ended.pk).update(ended_at=ago(days=31))
        FormAttempt.objects.create(at=ago(days=8), outcome="signup")
        said = run("retention", "--dry-run")
        assert "1  ended subscriptions deleted" in said
        assert "This was a dry run" in said
        assert Subscription.objects.filter(state="pending").exists()
        assert (Subscription.objects.count(), FormAttempt.objects.count()) == (2, 1)
        promised = [line.split()[0] for line in said.splitlines()[:-1]]
        assert [line.split()[0] for line in run("retention").splitlines()] == promised
        assert (Subscription.objects.count(), FormAttempt.objects.count()) == (1, 0)

    def test_more_than_a_batch(self, db, monkeypatch):
        monkeypatch.setattr("nelis.core.query_utils.BATCH_SIZE", 3)
        FormAttempt.objects.bulk_create(FormAttempt(at=ago(days=8), outcome="signup") for _ in range(10))
        assert retention.run()["uses of the forms deleted"] == 10

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(Subscription.State.values), st.integers(0, 100))
    def test_only_what_is_over_ever_goes(self, subscribed, state, days):
        Subscription.objects.all().delete()
        ended = ago(days=days) if state in ("ended", "expired") else None
        subscribed("a@example.org", days=days, state=state, ended_at=ended)
        retention.run()
        goes = (state == "ended" and days >= 30) or (state == "expired" and days >= 7)
        assert Subscription.objects.exists() != goes


def test_a_runner_does_it_every_day(db):
    job = PERIODIC_TASKS["mailing_list.retention"]
    assert job.every == timedelta(days=1)
    assert job.run() == "Nothing was due."
    FormAttempt.objects.create(at=ago(days=8), outcome="signup")
    assert job.run() == "1 uses of the forms deleted"


class TestPersonalData:
    """Everything about one address, and nothing about another."""

    @pytest.fixture
    def anna(self, subscribed):
        subscribed("bert@example.org", name="Bert")
        workflow.receive("Something is wrong", name="Anna", address="anna@example.org")
        workflow.receive("Something else", name="Bert", address="bert@example.org")
        return subscribed("anna@example.org", name="Anna")

    def test_export(self, anna):
        held = json.loads(run("personal_data", "export", " Anna@EXAMPLE.org"))
        assert held["subscriptions"][0]["name"] == "Anna"
        assert held["complaints"][0]["text"] == "Something is wrong"
        assert "Bert" not in json.dumps(held)

    def test_show(self, anna):
        said = run("personal_data", "show", "anna@example.org")
        assert "Subscriptions: 1" in said
        assert "name Anna" in said
        assert "Kept out: none" in said
        assert "Bert" not in said

    def test_erase(self, anna):
        said = run("personal_data", "erase", "anna@example.org", "--yes")
        assert "1  subscriptions erased" in said
        assert [one.name for one in Subscription.objects.all()] == ["Bert"]

    @pytest.mark.parametrize(("answer", "erased"), [("yes", True), ("no", False), ("", False), ("YES!", False)])
    def test_erasing_asks(self, anna, monkeypatch, answer, erased):
        monkeypatch.setattr("builtins.input", lambda _: answer)
        if erased:
            run("personal_data", "erase", "anna@example.org")
        else:
            with pytest.raises(CommandError, match="Nothing was erased"):
                run("personal_data", "erase", "anna@example.org")
        assert Subscription.objects.filter(address_hash=anna.address_hash).exists() != erased

    def test_nothing_is_held(self, topics):
        assert "Subscriptions: none" in run("personal_data", "show", "nobody@example.org")

    def test_what_is_no_address(self, db):
        with pytest.raises(CommandError, match="right form"):
            run("personal_data", "show", "nobody")

    def test_queries_dont_grow_with_what_there_is(self, anna, django_assert_num_queries):
        for _ in range(5):
            subscription_service.record_event(anna, "changed", Evidence("web"))
        with django_assert_num_queries(9):
            personal_data.collect_data("anna@example.org")

    def test_what_staff_did_names_nobody(self, anna, person):
        StaffAction.write(anna.uuid, "erased", person("Administrator"), "They asked")
        assert address_hash("anna@example.org") not in str(StaffAction.objects.values())

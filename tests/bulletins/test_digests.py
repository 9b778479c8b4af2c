"""Alerts gather, digests tell everything once, and minor changes are never news."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.bulletins import digests, workflow
from engagement.bulletins.models import Bulletin, BulletinEvent, NewsItem
from engagement.bulletins.snapshot import take_snapshot
from nelis.core.models import ChangeEntry, GlossaryTerm

pytestmark = pytest.mark.pg

NOW = datetime(2019, 7, 16, 10, tzinfo=UTC)


@pytest.fixture
def term(db):
    return GlossaryTerm.objects.create(term="Kite", definition="It flies.")


@pytest.fixture
def publish(term):
    def publish(at, kind="content", title="Kite making"):
        return ChangeEntry.objects.create(
            at=at, kind=kind, subject=term, subject_kind="Term", title=title, note="It is so."
        )

    return publish


class TestAlerts:
    def test_one_change(self, publish):
        publish(NOW)
        digests.draft_alert(NOW)
        alert = Bulletin.objects.get()
        assert (alert.kind, alert.state, alert.author, alert.is_public) == ("alert", "draft", None, False)
        assert alert.subject == "Changed: Kite making"

    @pytest.mark.parametrize("kind", ["minor", "first"])
    def test_never_a_minor_one(self, publish, kind):
        publish(NOW, kind=kind)
        digests.draft_alert(NOW)
        assert not Bulletin.objects.exists()

    def test_no_old_changes(self, publish):
        publish(NOW - timedelta(days=3))
        digests.draft_alert(NOW)
        assert not Bulletin.objects.exists()

    def test_what_comes_soon_after_is_gathered(self, publish, monkeypatch):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        publish(NOW + timedelta(minutes=20), title="Kite selling")
        draft_at(NOW + timedelta(minutes=21), monkeypatch)
        alert = Bulletin.objects.get()
        assert alert.subject == "2 changes to the strategy"
        assert alert.items.count() == 2
        draft_at(NOW + timedelta(minutes=51), monkeypatch)
        alert.refresh_from_db()
        assert alert.state == "in_review"

    def test_what_comes_later_is_the_next(self, publish, monkeypatch):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        later = NOW + timedelta(hours=1)
        publish(later)
        draft_at(later, monkeypatch)
        assert [alert.items.count() for alert in Bulletin.objects.all()] == [1, 1]
        assert len({alert.slug for alert in Bulletin.objects.all()}) == 2

    def test_it_doesnt_gather_for_ever(self, publish, monkeypatch):
        for minutes in range(0, 300, 20):
            publish(NOW + timedelta(minutes=minutes))
            draft_at(NOW + timedelta(minutes=minutes), monkeypatch)
        assert sorted(Bulletin.objects.values_list("state", flat=True)) == ["draft", "in_review"]
        assert NewsItem.objects.count() == 15

    def test_a_draft_that_somebody_works_on_is_left_alone(self, publish, monkeypatch, officer):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        workflow.perform("edit", Bulletin.objects.get(), officer)
        publish(NOW + timedelta(minutes=5))
        draft_at(NOW + timedelta(minutes=5), monkeypatch)
        assert Bulletin.objects.count() == 2
        draft_at(NOW + timedelta(minutes=45), monkeypatch)
        assert Bulletin.objects.filter(state="draft").count() == 1

    @pytest.mark.parametrize("first_approved", [False, True])
    def test_one_that_was_given_back_waits_for_somebody(self, publish, monkeypatch, officer, first_approved):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        draft_at(NOW + timedelta(hours=1), monkeypatch)
        alert = Bulletin.objects.get()
        if first_approved:
            Bulletin.objects.update(state="approved")
            BulletinEvent.write(alert, "approved", officer)
        workflow.perform("give_back", alert, officer, note="Say why.")
        publish(NOW + timedelta(minutes=90))
        draft_at(NOW + timedelta(minutes=90), monkeypatch)
        alert.refresh_from_db()
        assert alert.state == "draft"
        assert alert.items.count() == 1

    def test_one_that_was_cancelled_is_not_drafted_again(self, publish, monkeypatch, officer):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        workflow.perform("cancel", Bulletin.objects.get(), officer)
        draft_at(NOW + timedelta(minutes=5), monkeypatch)
        assert Bulletin.objects.get().state == "cancelled"

    def test_running_it_again_changes_nothing(self, publish, monkeypatch):
        publish(NOW)
        draft_at(NOW, monkeypatch)
        before = BulletinEvent.objects.count()
        draft_at(NOW, monkeypatch)
        assert BulletinEvent.objects.count() == before


def draft_at(moment, monkeypatch):
    """Run the job at ``moment``."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    digests.draft_alert(moment)
    # The field's own default is the real clock.
    Bulletin.objects.filter(created_at__gt=NOW + timedelta(days=1)).update(created_at=moment)


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "today", "expected"),
    [
        ("weekly", date(2019, 7, 15), (date(2019, 7, 8), date(2019, 7, 15))),
        ("weekly", date(2019, 7, 21), (date(2019, 7, 8), date(2019, 7, 15))),
        ("monthly", date(2019, 7, 1), (date(2019, 6, 1), date(2019, 7, 1))),
        ("monthly", date(2019, 1, 31), (date(2018, 12, 1), date(2019, 1, 1))),
    ],
)
def test_periods(kind, today, expected):
    assert digests.previous_period(kind, today) == expected


class TestDigests:
    def test_of_a_week(self, publish):
        publish(datetime(2019, 7, 10, 12, tzinfo=UTC))
        made = digests.draft_digest("weekly", date(2019, 7, 15))
        assert (made.state, made.author, made.subject) == ("in_review", None, "The week of 8 July 2019")
        assert made.preheader == "1 change about what you chose to hear about."

    def test_once(self, publish):
        publish(datetime(2019, 7, 10, 12, tzinfo=UTC))
        assert digests.draft_digest("weekly", date(2019, 7, 15))
        assert digests.draft_digest("weekly", date(2019, 7, 16)) is None
        assert Bulletin.objects.count() == 1

    def test_nothing_to_report(self, publish):
        publish(datetime(2019, 7, 10, 12, tzinfo=UTC), kind="minor")
        assert digests.draft_digest("weekly", date(2019, 7, 15)) is None

    def test_what_was_sent_is_reported_unless_it_could_not_wait(self, sending, publish):
        sent = sending()
        urgent = sending(slug="urgent", cannot_wait=True)
        for bulletin in (sent, urgent):
            Bulletin.objects.filter(pk=bulletin.pk).update(started_at=datetime(2019, 7, 10, 12, tzinfo=UTC))
        made = digests.draft_digest("weekly", date(2019, 7, 15))
        assert [item.reported for item in made.items.all()] == [sent]

    @pytest.mark.parametrize("how", ["cancel", "take_off"])
    def test_cancelled_or_taken_off_bulletins_are_not_reported(self, sending, subscribe, officer, how):
        subscribe("ada")
        stopped, sent = sending(), sending(slug="other", subject="Bells")
        workflow.perform(how, stopped, officer, note="The date is wrong.")
        Bulletin.objects.update(started_at=datetime(2019, 7, 10, 12, tzinfo=UTC))
        made = digests.draft_digest("weekly", date(2019, 7, 15))
        assert [item.reported for item in made.items.all()] == [sent]

    @pytest.mark.parametrize("how", ["cancel", "take_off"])
    def test_nor_those_cancelled_or_taken_off_after_the_draft(self, sending, subscribe, officer, how):
        subscribe("ada")
        stopped, _ = sending(), sending(slug="other", subject="Bells")
        Bulletin.objects.update(started_at=datetime(2019, 7, 10, 12, tzinfo=UTC))
        made = digests.draft_digest("weekly", date(2019, 7, 15))
        assert "Kites again" in take_snapshot(made)["text"]
        workflow.perform(how, stopped, officer, note="The date is wrong.")
        text = take_snapshot(made)["text"]
        assert "Kites again" not in text
        assert "Bells" in text

    def test_what_is_put_back_is_reported(self, sending, officer):
        sent = workflow.perform("take_off", sending(), officer, note="The date is wrong.")
        Bulletin.objects.update(started_at=datetime(2019, 7, 10, 12, tzinfo=UTC))
        assert digests.draft_digest("weekly", date(2019, 7, 15)) is None
        workflow.perform("put_back", sent, officer)
        made = digests.draft_digest("weekly", date(2019, 7, 15))
        assert [item.reported for item in made.items.all()] == [sent]

    def test_late_changes_are_reported_the_week_after(self, publish):
        publish(datetime(2019, 7, 10, 12, tzinfo=UTC))
        first = digests.draft_digest("weekly", date(2019, 7, 15))
        late = publish(datetime(2019, 7, 14, 22, 59, 59, tzinfo=UTC))
        second = digests.draft_digest("weekly", date(2019, 7, 22))
        assert [item.change for item in second.items.all()] == [late]
        assert first.items.count() == 1

    def test_items_of_a_cancelled_digest_are_in_the_next(self, publish, officer):
        change = publish(datetime(2019, 7, 10, 12, tzinfo=UTC))
        workflow.perform("cancel", digests.draft_digest("weekly", date(2019, 7, 15)), officer)
        assert digests.draft_digest("weekly", date(2019, 7, 16)) is None
        second = digests.draft_digest("weekly", date(2019, 7, 22))
        assert [item.change for item in second.items.all()] == [change]


START = datetime(2019, 7, 1, tzinfo=UTC)
#: By hours from the start: a change is published (perhaps with a time some hours back), or the job runs.
STEPS = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from(["publish", "publish", "minor", "run"]), st.integers(0, 5)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.parametrize("kind", ["weekly", "monthly"])
def test_every_change_is_reported_exactly_once(publish, kind, steps):
    """Whenever changes are published, become visible late, and the job runs or doesn't."""
    NewsItem.objects.all().delete()
    BulletinEvent.objects.all()._raw_delete("default")
    Bulletin.objects.all().delete()
    ChangeEntry.objects.all().delete()
    publish(START)
    digests.draft_digest(kind, date(2019, 8, 1) if kind == "monthly" else date(2019, 7, 8))
    moment = START + timedelta(days=31)
    wanted = set(ChangeEntry.objects.values_list("pk", flat=True))
    for hours, what, back in steps:
        moment += timedelta(hours=hours)
        if what == "run":
            digests.draft_digest(kind, moment.date())
        else:
            entry = publish(moment - timedelta(hours=back), kind="minor" if what == "minor" else "content")
            if what != "minor":
                wanted.add(entry.pk)
    # In the end, every week and month after the last change has its run.
    for days in range(0, 70, 5):
        digests.draft_digest(kind, (moment + timedelta(days=days)).date())
    told = list(NewsItem.objects.filter(kind=kind).values_list("change", flat=True))
    assert sorted(told) == sorted(wanted)

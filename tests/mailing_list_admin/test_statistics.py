"""The growth of the list, counted from events: it doesn't change when rows are deleted."""

import itertools
from collections import Counter
from datetime import date, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagement.mail.scheduler import PERIODIC_TASKS
from engagement.mailing_list import personal_data, statistics, subscription_service
from engagement.mailing_list.models import ConsentEvent, Subscription
from engagement.mailing_list.subscription_service import Evidence
from nelis.core import charts

DAY = date(2019, 7, 16)
DAYS = st.integers(0, 60).map(lambda n: DAY + timedelta(days=n))


def on_list():
    joined, left = statistics.changes_by_day()
    return joined.total() - left.total()


def actual():
    return Subscription.objects.filter(state__in=["active", "paused"]).count()


class TestCounting:
    def test_every_way_in_and_out(self, subscribed):
        assert on_list() == 0
        first = subscribed("a@example.org")
        subscribed("b@example.org", state="pending")
        assert on_list() == actual() == 1
        subscription_service.pause(first, timezone.localdate() + timedelta(days=5), Evidence("web"))
        assert on_list() == actual() == 1
        subscription_service.unsubscribe(first, Evidence("web"))
        assert on_list() == actual() == 0
        subscription_service.undo_unsubscribe(first, Evidence("web"))
        assert on_list() == actual() == 1
        personal_data.erase("a@example.org")
        assert on_list() == actual() == 0

    def test_erasing_somebody_who_had_left_counts_once(self, subscribed):
        one = subscribed("a@example.org")
        subscribed("b@example.org")
        subscription_service.unsubscribe(one, Evidence("web"))
        personal_data.erase("a@example.org")
        assert on_list() == actual() == 1

    def test_what_was_never_confirmed_isnt_missed(self, subscribed):
        subscribed("a@example.org")
        waiting = subscribed("b@example.org", state="pending")
        subscription_service.unsubscribe(waiting, Evidence("web"))
        subscribed("c@example.org", state="pending")
        personal_data.erase("c@example.org")
        assert on_list() == actual() == 1

    def test_it_stays_when_rows_go(self, subscribed):
        one = subscribed("a@example.org", days=40)
        subscription_service.unsubscribe(one, Evidence("web"))
        before = statistics.changes_by_day()
        Subscription.objects.all().delete()
        assert statistics.changes_by_day() == before

    def test_four_queries(self, subscribed, django_assert_num_queries):
        for n in range(5):
            subscribed(f"p{n}@example.org")
        with django_assert_num_queries(4):
            statistics.changes_by_day()

    def test_every_way_to_join_is_known(self):
        """A new one would be left out of the chart."""
        ways = {"confirmed", "added", "imported"}
        assert set(statistics.JOINED) == ways
        others = {"requested", "changed", "moved", "paused", "resumed", "ended", "undone", "expired", "erased"}
        assert set(ConsentEvent.Action.values) == ways | others


@given(st.lists(DAYS, max_size=40), st.lists(DAYS, max_size=40), st.integers(0, 70))
def test_weeks(joined, left, days):
    today = DAY + timedelta(days=days)
    came, went = Counter(joined), Counter(left)
    points = statistics.weekly_totals(came, went, today)
    for day, number in points:
        assert number == sum(1 for one in joined if one <= day) - sum(1 for one in left if one <= day)
    shown = [day for day, _ in points]
    assert shown == sorted(set(shown))
    if any(one <= today for one in joined + left):
        assert shown[-1] == today
        assert all((after - before).days <= 7 for before, after in itertools.pairwise(shown))
    else:
        assert points == []


def test_words(subscribed):
    assert statistics.growth_chart().summary == "Nobody has joined yet."
    one = subscribed("a@example.org", days=40)
    subscribed("b@example.org", days=2)
    subscription_service.unsubscribe(one, Evidence("web"))
    assert (
        statistics.growth_chart().summary == "1 person is on the list today. In the last 30 days 1 joined and 1 left."
    )
    chart = statistics.topics_chart(statistics.topic_counts())
    assert chart.summary == "Most people chose Boats: 1. One person may choose several."


def test_a_runner_draws_the_charts_before_anybody_asks(subscribed, monkeypatch):
    monkeypatch.setattr("nelis.core.charts.cache.render_svg", lambda spec, prefix: f"<svg><g id='{prefix}'/></svg>")
    subscribed("a@example.org", days=20)
    PERIODIC_TASKS["charts.request"].run()
    job = PERIODIC_TASKS["charts.draw"]
    assert job.every == timedelta(seconds=5)
    assert job.run() == "2 drawn."
    assert job.run() == "0 drawn."
    assert charts.rendered_chart(statistics.growth_chart()).wide


def test_the_count_is_kept_until_something_happens(subscribed, django_assert_num_queries):
    one = subscribed("a@example.org", days=20)
    before = statistics.growth_chart()
    with django_assert_num_queries(1):
        assert statistics.growth_chart() == before
    subscription_service.unsubscribe(one, Evidence("web"))
    assert statistics.growth_chart().summary.startswith("0 people are on the list today.")

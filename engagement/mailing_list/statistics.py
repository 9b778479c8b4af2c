"""Statistics of the mailing list: its growth, from consent events, which outlive subscriptions, and its topics."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from engagement.mailing_list.models import ConsentEvent, Subscription, Topic
from nelis.core import charts

Action = ConsentEvent.Action
#: An event that was written beside another and is committed after it waits no longer than this to be counted.
KEPT_SECONDS = 600
#: The one event of every subscription that put it on the list.
JOINED = (Action.CONFIRMED, Action.ADDED, Action.IMPORTED)


def changes_by_day() -> tuple[Counter[date], Counter[date]]:
    """How many joined, and how many left, on each day. Four queries, however many events there are."""
    joined = _count(ConsentEvent.objects.filter(action__in=JOINED))
    # What was never confirmed was never counted.
    was_on = Exists(ConsentEvent.objects.filter(subscription=OuterRef("subscription"), action__in=JOINED))
    events = ConsentEvent.objects.filter(was_on)
    net = (
        ConsentEvent.objects.filter(subscription=OuterRef("subscription"), action__in=(Action.ENDED, Action.UNDONE))
        .order_by()
        .values("subscription")
        .annotate(net=Count("pk", filter=Q(action=Action.ENDED)) - Count("pk", filter=Q(action=Action.UNDONE)))
        .values("net")
    )
    erased = events.filter(action=Action.ERASED).annotate(gone=Subquery(net)).exclude(gone__gt=0)
    left = _count(events.filter(action=Action.ENDED))
    left.subtract(_count(events.filter(action=Action.UNDONE)))
    left.update(_count(erased))
    return joined, left


def _count(events: QuerySet[ConsentEvent]) -> Counter[date]:
    days = events.order_by().annotate(day=TruncDate("at")).values("day").annotate(number=Count("pk"))
    return Counter({row["day"]: row["number"] for row in days})


def cached_changes() -> tuple[Counter[date], Counter[date]]:
    """``changes_by_day``, cached until there is a new event: events are only added. One query while there is none."""
    last = ConsentEvent.objects.order_by("-pk").values_list("pk", "at").first()
    if last is None:
        return Counter(), Counter()
    key = f"mailing-list-growth-{last[0]}-{last[1].timestamp()}"
    found: tuple[Counter[date], Counter[date]] | None = cache.get(key)
    if found is None:
        found = changes_by_day()
        cache.set(key, found, KEPT_SECONDS)
    return found


def weekly_totals(joined: Counter[date], left: Counter[date], today: date) -> list[tuple[date, int]]:
    """How many were on the list at the end of each Sunday, and today."""
    days = {day for day in (*joined, *left) if day <= today}
    if not days:
        return []
    first = min(days)
    length = (today - first).days + 1
    totals = accumulate(joined[day] - left[day] for day in (first + timedelta(days=n) for n in range(length)))
    ends = [(first + timedelta(days=n), total) for n, total in enumerate(totals)]
    return [(day, total) for day, total in ends if day.weekday() == 6 or day in (first, today)]


def growth_chart() -> charts.Chart:
    """How the list has grown, week by week."""
    today = timezone.localdate()
    joined, left = cached_changes()
    points = weekly_totals(joined, left, today)
    month = today - timedelta(days=30)
    came = sum(number for day, number in joined.items() if day > month)
    went = sum(number for day, number in left.items() if day > month)
    now = points[-1][1] if points else 0
    summary = (
        f"{_people(now)} on the list today. In the last 30 days {came:,} joined and {went:,} left."
        if points
        else "Nobody has joined yet."
    )
    series = [charts.Series("On the list", points)]
    return charts.line_chart("mailing-list-growth", "How the list has grown", summary, series, unit="people", area=True)


def _people(number: int) -> str:
    return "1 person is" if number == 1 else f"{number:,} people are"


def topic_counts() -> list[Topic]:
    """The topics, each with ``active`` and ``paused``: how many people chose it. One query."""
    states = Subscription.State
    return list(
        Topic.objects.annotate(
            active=Count("subscriptions", filter=Q(subscriptions__state=states.ACTIVE)),
            paused=Count("subscriptions", filter=Q(subscriptions__state=states.PAUSED)),
        ).order_by("order", "name")
    )


def topics_chart(topics: Iterable[Any]) -> charts.Chart:
    """How many people chose each topic, the most chosen first."""
    ranked = sorted(topics, key=lambda topic: (-topic.active, topic.name))
    chosen = [topic for topic in ranked if topic.active]
    summary = "Nobody has chosen a topic yet."
    if chosen:
        summary = f"Most people chose {chosen[0].name}: {chosen[0].active:,}. One person may choose several."
    values = [charts.Bar(topic.name, topic.active) for topic in ranked]
    return charts.bar_chart(
        "mailing-list-topics", "What people chose", summary, values, unit="people", category="Topic"
    )

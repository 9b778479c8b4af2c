"""Statistics that are the latest observation of a series, brought up to date when a release comes or goes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from nelis.evidence.models import Series, Statistic
from nelis.evidence.models.statistics import FIELDS_FROM_SERIES


def refresh_statistics(series: Iterable[Series] | None = None, user: Any = None, note: str = "") -> list[Statistic]:
    """Publish anew every live statistic that is the latest of ``series``, or of any, and whose figure has changed.

    A draft that waits keeps waiting: it takes the new figure when it is published. Call it in the transaction of the
    change. Returns those that changed.
    """
    found = Statistic.objects.filter(series__isnull=False, live=True) if series is None else statistics_of(series)
    changed = []
    for statistic in found.select_related("series__indicator", "series__area", "series__source", "geography", "source"):
        before = _figure(statistic)
        statistic.fill_from_series()
        if _figure(statistic) != before:
            changed.append(statistic)
            _publish(statistic, user, note)
    return changed


def statistics_of(series: Iterable[Series]) -> QuerySet[Statistic]:
    """The live figures that are the latest of one of ``series``, or of one that is worked out from them."""
    wanted = list(series)
    derived = Series.objects.filter(parts__part__in=wanted)
    return Statistic.objects.filter(series__in=[*wanted, *derived], live=True)


def _figure(statistic: Statistic) -> list[Any]:
    return [getattr(statistic, name) for name in FIELDS_FROM_SERIES]


def _publish(statistic: Statistic, user: Any, note: str) -> None:
    """Publish what readers see with the new figure. A later draft stays the latest draft."""
    draft = statistic.latest_revision if statistic.has_unpublished_changes else None
    statistic.set_change_note("", note)
    revision = statistic.save_revision(user=user)
    statistic.publish(revision, user=user)
    if draft is not None:
        draft.as_object().save_revision(user=draft.user)

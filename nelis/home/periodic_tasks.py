"""Periodic tasks that serve all apps. ``nelis.core`` can't hold them: it knows nothing of workers."""

from datetime import timedelta

from engagement.mail.scheduler import periodic_task
from engagement.mailing_list import statistics
from nelis.core import charts
from nelis.core.scheduled_publishing import publish_and_unpublish_due
from nelis.core.sqlite import empty_write_ahead_log


@periodic_task("charts.draw", timedelta(minutes=1))
def draw_charts() -> str:
    """Draw the charts that somebody waits for. Those of the mailing list are requested before anybody asks."""
    for chart in (statistics.growth_chart(), statistics.topics_chart(statistics.topic_counts())):
        charts.request_drawing(chart)
    return f"{charts.draw_pending()} drawn."


@periodic_task("content.schedule", timedelta(seconds=20), timeout=timedelta(minutes=1))
def publish_scheduled() -> str:
    """Publish and unpublish what editors scheduled. It may run twice at once: each object is locked."""
    return publish_and_unpublish_due()


@periodic_task("core.write_ahead_log", timedelta(minutes=10))
def empty_log() -> str:
    """Empty SQLite’s write-ahead log, so that nothing that was deleted stays in it. PostgreSQL needs nothing."""
    return "It is empty." if empty_write_ahead_log() else "Somebody was reading: it is tried again."

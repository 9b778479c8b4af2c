"""Periodic tasks that serve all apps. ``nelis.core`` can't hold them: it knows nothing of workers."""

from datetime import timedelta

from engagement.mail.scheduler import periodic_task
from engagement.mailing_list import statistics
from nelis.core import charts
from nelis.core.scheduled_publishing import publish_and_unpublish_due
from nelis.core.sqlite import empty_write_ahead_log
from nelis.progress.drawing import request_published_charts


@periodic_task("charts.request", timedelta(minutes=1))
def request_charts() -> str:
    """Request the charts of the mailing list before anybody asks for them."""
    for chart in (statistics.growth_chart(), statistics.topics_chart(statistics.topic_counts())):
        charts.request_drawing(chart)
    return "Requested."


@periodic_task("charts.draw", timedelta(seconds=5), timeout=timedelta(minutes=2))
def draw_charts() -> str:
    """Draw what was published since: the charts of targets as at every day, and whatever else was requested."""
    request_published_charts()
    return f"{charts.draw_pending()} drawn."


@periodic_task("content.schedule", timedelta(seconds=20), timeout=timedelta(minutes=1))
def publish_scheduled() -> str:
    """Publish and unpublish what editors scheduled. It may run twice at once: each object is locked."""
    return publish_and_unpublish_due()


@periodic_task("core.write_ahead_log", timedelta(minutes=10))
def empty_log() -> str:
    """Empty SQLite’s write-ahead log, so that nothing that was deleted stays in it. PostgreSQL needs nothing."""
    return "It is empty." if empty_write_ahead_log() else "Somebody was reading: it is tried again."

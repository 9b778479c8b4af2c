"""Request the charts of targets when something was published, before anybody asks for their pages."""

from collections.abc import Iterator

from nelis.core import charts
from nelis.core.models import ContentVersion
from nelis.progress.charts import small_chart, target_chart
from nelis.progress.models import TargetPage
from nelis.progress.record import TargetRecord, load_records

#: The content number for which this process has requested all charts.
_requested_for: list[int] = []


def request_published_charts() -> None:
    """Request every chart of the published targets, unless nothing was published since the last call."""
    number = ContentVersion.current()
    if _requested_for == [number]:
        return
    for chart in published_charts():
        charts.request_drawing(chart)
    _requested_for[:] = [number]


def draw_published_charts() -> None:
    """Draw every chart of the published targets now. For a process that answers no requests."""
    request_published_charts()
    charts.draw_pending(limit=1000)


def published_charts() -> Iterator[charts.Chart]:
    """The charts of every live target: in small, as at today, and as at each day on which something became known."""
    targets = TargetPage.objects.live().select_related(*TargetPage.page_select_related).order_by("path")
    for record in load_records(targets):
        yield small_chart(record)
        yield target_chart(record)
        yield from (target_chart(earlier) for earlier in _earlier(record))


def _earlier(record: TargetRecord) -> Iterator[TargetRecord]:
    for edition in record.editions:
        yield record.as_at(edition.until)

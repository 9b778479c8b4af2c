"""What responses add up to: statistics with charts, who answered, and the audit log of what staff did."""

from typing import Any

from django.core.paginator import Paginator

from engagement.feedback.admin.base import AnalysisView
from engagement.feedback.analysis.charts import staff_charts
from engagement.feedback.analysis.coding_workflow import blinded_events
from engagement.feedback.analysis.representation import representation
from engagement.feedback.models import Response
from nelis.core import charts

PER_PAGE = 100


class StatisticsView(AnalysisView):
    """A chart for the stances and for each question with options; people and tables apart."""

    url_name = "feedback_statistics"
    template_name = "admin/feedback/statistics.html"
    page_title = "Statistics"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people, tables = staff_charts(self.round)
        drawn = charts.rendered_charts([*people, *tables])
        return super().get_context_data(**kwargs) | {
            "counted": Response.objects.filter(round=self.round).counted().count(),
            "people": [drawn[chart.name] for chart in people],
            "tables": [drawn[chart.name] for chart in tables],
        }


class RepresentationView(AnalysisView):
    """Who answered, and who is missing."""

    url_name = "feedback_representation"
    template_name = "admin/feedback/representation.html"
    page_title = "Who answered"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"breakdowns": representation(self.round)}


class AuditLogView(AnalysisView):
    """Every event of a round, the newest first."""

    url_name = "feedback_audit_log"
    template_name = "admin/feedback/audit_log.html"
    page_title = "Audit log"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = self.round.events.order_by("-at", "-pk").select_related("by", "response")
        actions = sorted(set(self.round.events.order_by().values_list("action", flat=True).distinct()))
        chosen = self.request.GET.get("action", "")
        if chosen in actions:
            events = events.filter(action=chosen)
        page = Paginator(events, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "events": blinded_events(page.object_list, self.request.user),
            "actions": actions,
            "chosen": chosen if chosen in actions else "",
        }

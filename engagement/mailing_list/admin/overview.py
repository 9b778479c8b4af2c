"""The overview of the mailing list, the circuit breaker, and the lookup of suppressed addresses."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from wagtail.admin.ui.components import Component

from engagement.mailing_list import abuse, staff_actions, statistics
from engagement.mailing_list.models import CircuitBreaker, ImportBatch, StaffAction, Subscription, Suppression
from nelis.core import charts
from nelis.core.admin.views import ActionView, StaffView

BREADCRUMBS = (("Mailing list", "mailing_list_admin:overview"),)


class OverviewView(StaffView):
    """Show how many subscriptions there are, growth, topics, imports, and what staff did last."""

    permission = "mailing_list.view_subscription"
    template_name = "admin/mailing_list/overview.html"
    page_title = "Mailing list"
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = dict(Subscription.objects.order_by().values_list("state").annotate(Count("pk")))
        topics = statistics.topic_counts()
        return super().get_context_data(**kwargs) | {
            "states": [(state, label, counts.get(state, 0)) for state, label in Subscription.State.choices],
            "growth": charts.rendered_chart(statistics.growth_chart()),
            "chosen": charts.rendered_chart(statistics.topics_chart(topics)),
            "topics": topics,
            "breaker": CircuitBreaker.objects.order_by("pk").select_related("reset_by").first(),
            "suppressed": Suppression.objects.count(),
            "imports": ImportBatch.objects.select_related("by")[:5],
            "actions": StaffAction.objects.select_related("by")[:20],
        }


class CircuitBreakerPanel(Component):
    """On the first page of the admin, for those who may let confirmations go out: that they are held back."""

    name = "breaker"
    order = 40
    template_name = "admin/mailing_list/circuit_breaker_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_act = self.request.user.has_perm(ResetCircuitBreakerView.permission)
        breaker = CircuitBreaker.objects.exclude(tripped_at=None).first() if may_act else None
        held = abuse.held_confirmations().count() if breaker else 0
        return {"breaker": breaker, "held": held, "address": reverse("mailing_list_admin:overview")}


class ResetCircuitBreakerView(ActionView):
    """Let confirmations go out again."""

    permission = "mailing_list.change_circuitbreaker"
    success_url = reverse_lazy("mailing_list_admin:overview")

    def perform(self, **data: Any) -> bool:
        released = staff_actions.reset_circuit_breaker(self.request.user)
        waiting = f"{released} that were held back go out now." if released else "None was held back."
        self.success_message = f"Confirmations go out again. {waiting}"
        return True

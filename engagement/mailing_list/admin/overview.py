"""The overview of the mailing list, and the circuit breakers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from wagtail.admin.ui.components import Component

from engagement.mailing_list import circuit_breaker, staff_actions, statistics
from engagement.mailing_list.admin.forms import ReasonForm
from engagement.mailing_list.models import CircuitBreaker, ImportBatch, StaffAction, Subscription, Suppression
from nelis.core import charts
from nelis.core.admin.views import ActionFormView, ActionView, StaffView

#: Networks listed on the page, addresses for each of them, and addresses read for that.
MAX_NETWORKS, MAX_ADDRESSES, MAX_LISTED = 20, 8, 2000
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
            "breaker": general_breaker(),
            "networks": held_networks(),
            "suppressed": Suppression.objects.count(),
            "imports": ImportBatch.objects.select_related("by")[:5],
            "actions": StaffAction.objects.select_related("by")[:20],
        }


def general_breaker() -> CircuitBreaker | None:
    """The circuit breaker for everybody; None if it never opened."""
    general = CircuitBreaker.objects.filter(network_hash=circuit_breaker.GENERAL)
    return general.select_related("reset_by").first()


@dataclass(frozen=True, slots=True)
class HeldNetwork:
    """A network whose sign-ups wait: how many, when the first and the last came, and some of their addresses."""

    breaker: CircuitBreaker
    count: int
    first: datetime | None
    last: datetime | None
    addresses: list[str]


def held_networks() -> list[HeldNetwork]:
    """The networks from which confirmations are held back, as far as a page lists them. Three queries."""
    breakers = list(circuit_breaker.open_networks()[:MAX_NETWORKS])
    held = circuit_breaker.held_confirmations().filter(data__network__in=[breaker.network_hash for breaker in breakers])
    spans = (
        held.order_by()
        .values("data__network")
        .annotate(count=Count("pk"), first=Min("created_at"), last=Max("created_at"))
    )
    span_of = {span.pop("data__network"): span for span in spans}
    addresses: dict[str, list[str]] = {}
    for data, address in held.order_by("-pk").values_list("data", "address")[:MAX_LISTED]:
        addresses.setdefault(data["network"], []).append(address)
    nothing = {"count": 0, "first": None, "last": None}
    return [
        HeldNetwork(
            breaker,
            addresses=addresses.get(breaker.network_hash, [])[:MAX_ADDRESSES],
            **span_of.get(breaker.network_hash, nothing),
        )
        for breaker in breakers
    ]


class CircuitBreakerPanel(Component):
    """On the first page of the admin, for those who may let confirmations go out: that they are held back."""

    name = "breaker"
    order = 40
    template_name = "admin/mailing_list/circuit_breaker_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_act = self.request.user.has_perm(circuit_breaker.PERMISSION)
        breakers = list(CircuitBreaker.objects.exclude(tripped_at=None).order_by("network_hash")) if may_act else []
        return {
            "breakers": breakers,
            "breaker": next((breaker for breaker in breakers if not breaker.network_hash), None),
            "networks": sum(1 for breaker in breakers if breaker.network_hash),
            "held": circuit_breaker.held_confirmations().count() if breakers else 0,
            "address": reverse("mailing_list_admin:overview"),
        }


class ResetCircuitBreakerView(ActionView):
    """Let confirmations go out again."""

    permission = circuit_breaker.PERMISSION
    success_url = reverse_lazy("mailing_list_admin:overview")

    def perform(self, **data: Any) -> bool:
        released = staff_actions.reset_circuit_breaker(self.request.user, self.get_network_hash())
        waiting = f"{released} that were held back go out now." if released else "None was held back."
        self.success_message = f"Confirmations go out again. {waiting}"
        return True

    def get_network_hash(self) -> str:
        """Whose circuit breaker it is."""
        return circuit_breaker.GENERAL


class ResetNetworkView(ResetCircuitBreakerView):
    """Let confirmations for one network go out again."""

    model = CircuitBreaker

    def get_network_hash(self) -> str:
        return str(self.object.network_hash)


class DiscardNetworkView(ActionFormView):
    """Drop the sign-ups of one network that wait, with what was typed."""

    permission = circuit_breaker.PERMISSION
    model = CircuitBreaker
    page_title = "Discard the sign-ups of one network"
    header_icon = "mail"
    breadcrumb_parents = BREADCRUMBS
    form_class = ReasonForm
    submit_label = "Discard them"
    is_destructive = True
    success_url = reverse_lazy("mailing_list_admin:overview")
    unchanged_message = "None was waiting."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = circuit_breaker.held_confirmations(self.object.network_hash).count()
        waiting = "1 sign-up waits" if count == 1 else f"{count:,} sign-ups wait"
        intro = (
            f"{waiting} from this network. None gets an email, and what was typed is deleted. It can’t be undone. "
            "What comes from there later still waits for you."
        )
        return super().get_context_data(**kwargs) | {"intro": intro}

    def perform(self, **data: Any) -> bool:
        count = staff_actions.discard_network(self.object.network_hash, self.request.user, data["reason"])
        self.success_message = f"{count} discarded."
        return bool(count)

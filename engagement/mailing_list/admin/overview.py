"""The mailing list at a glance; the breaker; the suppressed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from wagtail.admin.ui.components import Component

from engagement.mail.addresses import address_hash
from engagement.mailing_list import abuse, staff_actions, statistics
from engagement.mailing_list.admin.forms import AddressForm
from engagement.mailing_list.models import CircuitBreaker, ImportBatch, StaffAction, Subscription, Suppression
from nelis.core import charts
from nelis.core.admin.views import ActionView, StaffFormView, StaffView

__all__ = ["CircuitBreakerPanel", "OverviewView", "ResetCircuitBreakerView", "SuppressionsView"]

BREADCRUMBS = (("Mailing list", "mailing_list_admin:overview"),)


class OverviewView(StaffView):
    """How many there are, how the list grew, what people chose, and what staff did last."""

    permission = "mailing_list.view_subscription"
    template_name = "admin/mailing_list/overview.html"
    page_title = "Mailing list"
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = dict(Subscription.objects.order_by().values_list("state").annotate(Count("pk")))
        topics = statistics.topic_counts()
        return super().get_context_data(**kwargs) | {
            "states": [(state, label, counted.get(state, 0)) for state, label in Subscription.State.choices],
            "growth": charts.rendered_chart(statistics.growth_chart()),
            "chosen": charts.rendered_chart(statistics.topics_chart(topics)),
            "topics": topics,
            "breaker": CircuitBreaker.objects.order_by("pk").select_related("reset_by").first(),
            "suppressed": Suppression.objects.count(),
            "imports": ImportBatch.objects.select_related("by")[:5],
            "acts": StaffAction.objects.select_related("by")[:20],
        }


class CircuitBreakerPanel(Component):
    """On the first page of the admin, for those who may let confirmations go: that they are held back."""

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


class SuppressionsView(StaffFormView):
    """How many addresses are kept out and why, and whether a certain one is. None of them can be listed."""

    permission = "mailing_list.view_suppression"
    template_name = "admin/mailing_list/suppressions.html"
    page_title = "Suppressed addresses"
    header_icon = "lock"
    breadcrumb_parents = BREADCRUMBS
    form_class = AddressForm
    submit_label = "Look it up"
    intro = (
        "No import and nobody by hand brings these addresses back. Only a keyed hash of each is kept, so they can’t be "
        "listed, but you can ask about one. That you asked is written down; the address isn’t."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counted = dict(Suppression.objects.order_by().values_list("reason").annotate(Count("pk")))
        reasons = [(label, counted.get(reason, 0)) for reason, label in Suppression.Reason.choices]
        return super().get_context_data(**kwargs) | {"reasons": reasons, "total": sum(counted.values())}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        address = form.cleaned_data["address"]
        found = Suppression.objects.filter(address_hash=address_hash(address)).first()
        StaffAction.write(None, StaffAction.Action.CHECKED, self.request.user)
        return self.render_to_response(self.get_context_data(form=form, asked=address, found=found, now=timezone.now()))

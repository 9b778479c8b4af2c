"""The list of gaps in the admin: what readers see, what only editors need, and where each gap is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from sectors.gaps import Gap, GapGroup, find_editor_gaps, find_gaps

GAPS_URL_NAME = "gaps"


def work_queue() -> list[GapGroup]:
    """Every group of gaps: first what readers see too, then what is for editors alone."""
    return [*find_gaps(), *find_editor_gaps(timezone.localdate())]


def edit_url(user: Any, gap: Gap) -> str:
    """Where ``user`` can close the gap; empty for somebody who may not. Asks about permissions once for all gaps."""
    instance = gap.instance
    if isinstance(instance, Page):
        if not page_permission_policy.user_has_permission_for_instance(user, "change", instance):
            return ""
        address = reverse("wagtailadmin_pages:edit", args=[instance.pk])
        return f"{address}#tab-{gap.tab}" if gap.tab else address
    return AdminURLFinder(user).get_edit_url(instance) or "" if instance else ""


@dataclass(slots=True)
class QueueItem:
    """A gap and where the person who is asking can close it."""

    gap: Gap
    edit: str


class GapsView(WagtailAdminTemplateMixin, TemplateView):
    """The work queue."""

    template_name = "admin/sectors/gaps.html"
    page_title = "Gaps"
    header_icon = "warning"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        context["groups"] = [
            (group, [QueueItem(gap, edit_url(user, gap)) for gap in group.gaps]) for group in work_queue()
        ]
        return context


class GapsPanel(Component):
    """How many gaps there are, on the first page of the admin, for people who can do something about them."""

    name = "gaps"
    order = 230
    template_name = "admin/sectors/gaps_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        may_edit = page_permission_policy.user_has_permission(self.request.user, "change")
        groups = [group for group in work_queue() if group.gaps] if may_edit else []
        return {"groups": groups, "address": reverse(GAPS_URL_NAME), "may_edit": may_edit}

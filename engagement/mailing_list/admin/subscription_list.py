"""Everybody on the list: searched, filtered, page by page, and as a file."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from engagement.mailing_list.models import ConsentEvent, Frequency, ImportBatch, StaffAction, Subscription, Topic
from nelis.core.csv_export import csv_response
from nelis.core.logs import redact

__all__ = ["SubscriptionExportView", "SubscriptionListView"]

#: Read in one go while a file is made, so that a long list takes no more memory than a short one.
CHUNK = 500
HEADER = (
    *("address", "name", "organisation", "state", "topics", "frequency", "method"),
    *("asked_on", "confirmed_on", "paused_until", "ended_on", "end_reason"),
)


class SubscriptionFilters(WagtailFilterSet):
    """What the list can be narrowed by."""

    state = django_filters.MultipleChoiceFilter(
        label="State", choices=Subscription.State.choices, widget=CheckboxSelectMultiple
    )
    topics = django_filters.ModelMultipleChoiceFilter(
        label="Topic", queryset=Topic.objects.all(), widget=CheckboxSelectMultiple
    )
    frequency = django_filters.ChoiceFilter(
        label="How often", choices=Frequency.choices, widget=RadioSelect, empty_label="All"
    )
    method = django_filters.ChoiceFilter(
        label="Came by", choices=Subscription.Method.choices, widget=RadioSelect, empty_label="All"
    )
    import_batch = django_filters.ModelChoiceFilter(
        label="Import", queryset=ImportBatch.objects.all(), method="brought_in_with", empty_label="All"
    )
    created_at = django_filters.DateFromToRangeFilter(label="Asked to join", widget=DateRangePickerWidget)
    ended_at = django_filters.DateFromToRangeFilter(label="Ended", widget=DateRangePickerWidget)

    def brought_in_with(self, rows: QuerySet[Subscription], name: str, batch: ImportBatch) -> QuerySet[Subscription]:
        """Those of them who came with a list."""
        events = ConsentEvent.objects.filter(action=ConsentEvent.Action.IMPORTED, evidence__endswith=batch.mark)
        return rows.filter(method=Subscription.Method.IMPORT, uuid__in=events.values("subscription"))

    class Meta:
        model = Subscription
        fields: tuple[str, ...] = ()


def topic_names(subscription: Subscription) -> str:
    """The topics in a cell: fetched beforehand for all rows."""
    return ", ".join(topic.name for topic in subscription.topics.all()) or "None"


class SubscriptionListView(IndexView):
    """The list. Without the general export, which would write formulas into the file and leave no trace."""

    model = Subscription
    permission_policy = ModelPermissionPolicy(Subscription)
    any_permission_required = ["view"]
    page_title = "Subscriptions"
    header_icon = "group"
    index_url_name = "mailing_list_admin:subscriptions"
    index_results_url_name = "mailing_list_admin:subscriptions_results"
    inspect_url_name = "mailing_list_admin:subscription"
    filterset_class = SubscriptionFilters
    search_fields = ["address", "name", "organisation"]
    default_ordering = "-created_at"
    paginate_by = 50
    _show_breadcrumbs = True
    #: Of Wagtail's own export.
    FORMATS = ()
    columns = [
        TitleColumn(
            "address",
            label="Address",
            sort_key="address",
            width="28%",
            get_url=lambda one: reverse("mailing_list_admin:subscription", args=[one.pk]),
        ),
        Column("state", label="State", accessor="get_state_display", sort_key="state"),
        Column("topics", label="Topics", accessor=topic_names),
        Column("frequency", label="How often", accessor="get_frequency_display", sort_key="frequency"),
        Column("method", label="Came by", accessor="get_method_display", sort_key="method"),
        DateColumn("created_at", label="Asked", sort_key="created_at"),
    ]

    def get_base_queryset(self) -> QuerySet[Subscription]:
        return Subscription.objects.prefetch_related("topics")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("mailing_list_admin:overview"), "label": "Mailing list"}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        asked = self.request.GET.urlencode()
        url = reverse("mailing_list_admin:export") + (f"?{asked}" if asked else "")
        buttons = [HeaderButton("Export as CSV", url=url, icon_name="download")]
        if self.request.user.has_perm("mailing_list.add_subscription"):
            buttons.append(HeaderButton("Add by hand", url=reverse("mailing_list_admin:add"), icon_name="plus"))
        return buttons

    def render_to_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().render_to_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class SubscriptionExportView(SubscriptionListView):
    """The rows that the same search and filters show, as a file. That it was made is written down first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        with transaction.atomic():
            rows = self.get_queryset()
            StaffAction.write(
                None, StaffAction.Action.EXPORTED, request.user, self.said_of(request), people=rows.count()
            )
        name = f"subscriptions-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
        return csv_response(name, HEADER, self.cells(rows))

    def said_of(self, request: HttpRequest) -> str:
        """What it was narrowed by, without what was searched for: that may be an address. It is kept for good."""
        words = sorted(f"{key}={value}" for key in request.GET for value in request.GET.getlist(key) if key != "q")
        said = redact(", ".join(words).replace("\0", ""))
        return (f"Filters: {said}" if said else "Everybody")[:280] + (", searched" if "q" in request.GET else "")

    def cells(self, rows: QuerySet[Subscription]) -> Iterator[list[Any]]:
        """The rows of the file."""
        for one in rows.iterator(CHUNK):
            yield [
                *(one.address, one.name, one.organisation, one.get_state_display()),
                "|".join(topic.slug for topic in one.topics.all()),
                *(one.get_frequency_display(), one.get_method_display(), one.created_at, one.confirmed_at),
                *(one.paused_until, one.ended_at, one.end_reason),
            ]

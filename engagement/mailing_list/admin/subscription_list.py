"""The list of subscriptions in the admin, with search and filters, and its export."""

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

#: Rows fetched at a time for the export, so that a long list takes no more memory than a short one.
CHUNK = 500
HEADER = (
    *("address", "name", "organisation", "state", "topics", "frequency", "method"),
    *("asked_on", "confirmed_on", "paused_until", "ended_on", "end_reason"),
)


class SubscriptionFilters(WagtailFilterSet):
    """Filters of the list."""

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
        label="Import", queryset=ImportBatch.objects.all(), method="filter_by_import", empty_label="All"
    )
    created_at = django_filters.DateFromToRangeFilter(label="Asked to join", widget=DateRangePickerWidget)
    ended_at = django_filters.DateFromToRangeFilter(label="Ended", widget=DateRangePickerWidget)

    def filter_by_import(self, rows: QuerySet[Subscription], name: str, batch: ImportBatch) -> QuerySet[Subscription]:
        """Subscriptions that came with an import."""
        events = ConsentEvent.objects.filter(
            action=ConsentEvent.Action.IMPORTED, evidence__endswith=batch.evidence_suffix
        )
        return rows.filter(method=Subscription.Method.IMPORT, uuid__in=events.values("subscription"))

    class Meta:
        model = Subscription
        fields: tuple[str, ...] = ()


def topic_names(subscription: Subscription) -> str:
    """The names of the topics, which were prefetched."""
    return ", ".join(topic.name for topic in subscription.topics.all()) or "None"


class SubscriptionListView(IndexView):
    """List subscriptions. Wagtail's own export is off: it would write formulas into the file and leave no trace."""

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
    FORMATS = ()
    columns = [
        TitleColumn(
            "address",
            label="Address",
            sort_key="address",
            width="28%",
            get_url=lambda subscription: reverse("mailing_list_admin:subscription", args=[subscription.pk]),
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
        query = self.request.GET.urlencode()
        url = reverse("mailing_list_admin:export") + (f"?{query}" if query else "")
        buttons = [HeaderButton("Export as CSV", url=url, icon_name="download")]
        if self.request.user.has_perm("mailing_list.add_subscription"):
            buttons.append(HeaderButton("Add by hand", url=reverse("mailing_list_admin:add"), icon_name="plus"))
        return buttons

    def render_to_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().render_to_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class SubscriptionExportView(SubscriptionListView):
    """Download what the same search and filters show. A staff action is written first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        with transaction.atomic():
            rows = self.get_queryset()
            StaffAction.write(
                None, StaffAction.Action.EXPORTED, request.user, self.describe_filters(request), people=rows.count()
            )
        name = f"subscriptions-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
        return csv_response(name, HEADER, self.file_rows(rows))

    def describe_filters(self, request: HttpRequest) -> str:
        """The filters, without what was searched for: that may be an address, and this is kept for good."""
        filters = sorted(f"{key}={value}" for key in request.GET for value in request.GET.getlist(key) if key != "q")
        described = redact(", ".join(filters).replace("\0", ""))
        return (f"Filters: {described}" if described else "Everybody")[:280] + (
            ", searched" if "q" in request.GET else ""
        )

    def file_rows(self, rows: QuerySet[Subscription]) -> Iterator[list[Any]]:
        """The rows of the file."""
        for subscription in rows.iterator(CHUNK):
            yield [
                subscription.address,
                subscription.name,
                subscription.organisation,
                subscription.get_state_display(),
                "|".join(topic.slug for topic in subscription.topics.all()),
                subscription.get_frequency_display(),
                subscription.get_method_display(),
                subscription.created_at,
                subscription.confirmed_at,
                subscription.paused_until,
                subscription.ended_at,
                subscription.end_reason,
            ]

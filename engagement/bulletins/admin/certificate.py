"""The send certificate: an account of every recipient, whose numbers add up."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from engagement.bulletins import delivery_stats
from engagement.bulletins.admin.dashboard import BulletinView
from engagement.bulletins.admin.viewsets import dashboard_url
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.bulletins.snapshot import content_hash
from engagement.mail.models import DeliveryState
from nelis.core.csv_export import csv_response
from nelis.core.listing import page_number

__all__ = ["CertificateCSVView", "CertificateView"]

VIEW_SUBSCRIPTIONS = "mailing_list.view_subscription"
PER_PAGE = 100
#: Rows fetched at a time: what is in memory while a file is made doesn't grow with it.
CHUNK_SIZE = 2000
CSV_HEADER = (
    *("mail", "address", "state", "reason", "attempts", "listed at", "handed over at", "settled at"),
    *("server’s reply", "content (SHA-256)"),
)


def counts_or_404(bulletin: Bulletin) -> delivery_stats.DeliveryCounts:
    """The counts; there is no certificate before there are recipients."""
    if bulletin.audience is None:
        raise Http404("Nothing has been sent.")
    return delivery_stats.DeliveryCounts.of(bulletin)


def address_of(delivery: Delivery) -> str:
    """The address as far as it is still held."""
    person = delivery.subscription
    return person.address if person and person.address else "erased"


class CertificateView(BulletinView, WagtailAdminTemplateMixin, TemplateView):
    """The page: what was approved by whom, when it went out, and what became of each mail."""

    template_name = "admin/bulletins/certificate.html"
    page_title = "Send certificate"
    header_icon = "doc-full"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        listing = reverse(Bulletin.snippet_viewset.get_url_name("list"))
        return [
            *super().get_breadcrumbs_items(),
            {"url": listing, "label": "Bulletins"},
            {"url": dashboard_url(self.bulletin), "label": self.bulletin.subject},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        counts = counts_or_404(self.bulletin)
        chosen = self.request.GET.get("state", "")
        rows = self.bulletin.deliveries.select_related("subscription")
        rows = rows.filter(state=chosen) if chosen else rows.filter(state__in=delivery_stats.EXCEPTION_STATES)
        pages = Paginator(rows, PER_PAGE)
        number, _ = page_number(self.request.GET.get("page"), pages.num_pages)
        sees_people = self.request.user.has_perm(VIEW_SUBSCRIPTIONS)
        shown = pages.page(number)
        words = {state.value: state.label for state in DeliveryState}
        context |= {
            "bulletin": self.bulletin,
            "counts": counts,
            "states": [(state, words[state], count) for state, count in sorted(counts.by_state.items())],
            "skipped": sorted(counts.skipped.items()),
            "adds_up": counts.total == self.bulletin.audience,
            "is_intact": content_hash(self.bulletin.frozen or {}) == self.bulletin.content_hash,
            "chosen": words.get(chosen, ""),
            "page": shown,
            "rows": [(row, address_of(row) if sees_people else "") for row in shown],
            "sees_people": sees_people,
        }
        return context


class CertificateCSVView(BulletinView):
    """The same as CSV: one line for each recipient, then the sums. Made while it is sent, however long it is."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        counts_or_404(self.bulletin)
        sees_people = request.user.has_perm(VIEW_SUBSCRIPTIONS)
        BulletinEvent.write(
            self.bulletin, "exported", request.user, "With addresses" if sees_people else "Without addresses"
        )
        return csv_response(f"certificate-{self.bulletin.slug}.csv", CSV_HEADER, csv_rows(self.bulletin, sees_people))


def csv_rows(bulletin: Bulletin, sees_people: bool) -> Iterator[tuple[Any, ...]]:
    """The lines of the file, sums last: they are those of the lines above, whatever happens meanwhile."""
    sums: dict[str, int] = {}
    rows = bulletin.deliveries.select_related("subscription").only(
        *("uuid", "state", "reason", "attempts", "created_at", "sending_at", "settled_at", "response", "bulletin"),
        *("subscription__address",),
    )
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK_SIZE):
        label = row.get_state_display()
        sums[label] = sums.get(label, 0) + 1
        yield (
            *(row.uuid, address_of(row) if sees_people else "not shown", label, row.reason, row.attempts),
            *(row.created_at, row.sending_at, row.settled_at, row.response, bulletin.content_hash),
        )
    for label, count in sorted(sums.items()):
        yield ("sum", "", label, "", count, "", "", "", "", bulletin.content_hash)
    yield ("sum of all", "", "", "", sum(sums.values()), "", "", "", f"audience: {bulletin.audience}", "")

"""The send certificate: an account of every recipient, whose numbers add up."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, StreamingHttpResponse

from engagement.bulletins.admin.dashboard import VIEW_PERMISSION, BulletinView
from engagement.bulletins.admin.viewsets import dashboard_url
from engagement.bulletins.delivery_stats import EXCEPTION_STATES, DeliveryCounts
from engagement.bulletins.models import Bulletin, BulletinEvent, Delivery
from engagement.bulletins.snapshot import content_hash
from engagement.mail.models import DeliveryState
from nelis.core.admin.views import StaffView
from nelis.core.csv_export import csv_response
from nelis.core.listing import page_number

__all__ = ["CertificateCSVView", "CertificateView"]

VIEW_SUBSCRIPTIONS = "mailing_list.view_subscription"
PER_PAGE = 100
#: Rows fetched at a time: what is in memory while a file is made doesn't grow with it.
CHUNK_SIZE = 2000
CSV_HEADER = (
    *("mail", "address", "state", "reason", "attempts", "listed at", "sent at", "settled at"),
    *("server’s reply", "content (SHA-256)"),
)


def counts_or_404(bulletin: Bulletin) -> DeliveryCounts:
    """Return the counts; there is no certificate before there are recipients."""
    if bulletin.recipient_count is None:
        raise Http404("Nothing has been sent.")
    return DeliveryCounts.of(bulletin)


def address_of(delivery: Delivery) -> str:
    """Return the address as far as it is still held."""
    subscription = delivery.subscription
    return subscription.address if subscription and subscription.address else "erased"


class CertificateView(BulletinView, StaffView):
    """The certificate as a page: who approved what, when it was sent, and what became of each email."""

    permission = VIEW_PERMISSION
    breadcrumb_parents = (("Bulletins", "wagtailsnippets_bulletins_bulletin:list"),)
    template_name = "admin/bulletins/certificate.html"
    page_title = "Send certificate"
    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *parents, own = super().get_breadcrumbs_items()
        return [*parents, {"url": dashboard_url(self.bulletin), "label": self.bulletin.subject}, own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = counts_or_404(self.bulletin)
        chosen = self.request.GET.get("state", "")
        deliveries = self.bulletin.deliveries.select_related("subscription")
        pages = Paginator(deliveries.filter(state__in=[chosen] if chosen else EXCEPTION_STATES), PER_PAGE)
        number, _ = page_number(self.request.GET.get("page"), pages.num_pages)
        page = pages.page(number)
        sees_people = self.request.user.has_perm(VIEW_SUBSCRIPTIONS)
        labels = dict(DeliveryState.choices)
        return super().get_context_data(**kwargs) | {
            "bulletin": self.bulletin,
            "counts": counts,
            "states": [(state, labels[state], count) for state, count in sorted(counts.by_state.items())],
            "skipped": sorted(counts.skipped.items()),
            "adds_up": counts.total == self.bulletin.recipient_count,
            "is_intact": content_hash(self.bulletin.snapshot or {}) == self.bulletin.content_hash,
            "chosen": labels.get(chosen, ""),
            "page": page,
            "rows": [(delivery, address_of(delivery) if sees_people else "") for delivery in page],
            "sees_people": sees_people,
        }


class CertificateCSVView(BulletinView):
    """The certificate as CSV: a line for each recipient, then the sums. Streamed, however long it is."""

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        counts_or_404(self.bulletin)
        sees_people = request.user.has_perm(VIEW_SUBSCRIPTIONS)
        note = "With addresses" if sees_people else "Without addresses"
        BulletinEvent.write(self.bulletin, "exported", request.user, note)
        return csv_response(f"certificate-{self.bulletin.slug}.csv", CSV_HEADER, csv_rows(self.bulletin, sees_people))


def csv_rows(bulletin: Bulletin, sees_people: bool) -> Iterator[tuple[Any, ...]]:
    """Return the lines of the file. The sums at the end are those of the lines above, whatever happens meanwhile."""
    sums: Counter[str] = Counter()
    deliveries = bulletin.deliveries.select_related("subscription").only(
        *("uuid", "state", "reason", "attempts", "created_at", "sending_at", "settled_at", "response", "bulletin"),
        *("subscription__address",),
    )
    for delivery in deliveries.order_by("pk").iterator(chunk_size=CHUNK_SIZE):
        label = delivery.get_state_display()
        sums[label] += 1
        yield (
            *(delivery.uuid, address_of(delivery) if sees_people else "not shown", label),
            *(delivery.reason, delivery.attempts, delivery.created_at, delivery.sending_at, delivery.settled_at),
            *(delivery.response, bulletin.content_hash),
        )
    for label, count in sorted(sums.items()):
        yield ("sum", "", label, "", count, "", "", "", "", bulletin.content_hash)
    yield ("sum of all", "", "", "", sums.total(), "", "", "", f"recipients: {bulletin.recipient_count}", "")

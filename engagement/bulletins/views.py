"""The archive of bulletins on the web: a list, each bulletin as it was sent, and a feed."""

from datetime import datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from engagement.bulletins.delivery_stats import DeliveryCounts
from engagement.bulletins.models import Bulletin
from nelis.core.feeds import SiteFeed, xml_text
from nelis.core.listing import page_number
from nelis.core.site_address import absolute_url
from nelis.core.views.errors import page_taken_down

__all__ = ["BulletinsFeed", "bulletin_archive", "bulletin_detail"]

PER_PAGE = 30
#: What a list needs: not the snapshot, which is large.
LIST_FIELDS = ("slug", "subject", "preheader", "kind", "started_at")
HOME = {"title": "Home", "url": "/"}


@require_safe
def bulletin_archive(request: HttpRequest) -> HttpResponse:
    """List the bulletins on the web, newest first."""
    pages = Paginator(Bulletin.objects.on_the_web().only(*LIST_FIELDS), PER_PAGE)
    number, is_bad = page_number(request.GET.get("page"), pages.num_pages)
    if is_bad:
        raise Http404("There is no such page of the list.")
    context = {
        "bulletins": pages.page(number),
        "crumbs": [HOME],
    }
    return render(request, "bulletins/archive.html", context)


@require_safe
def bulletin_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a bulletin, once it is being sent; after it was taken off the web, only since when and why."""
    bulletin = get_object_or_404(Bulletin, slug=slug, is_public=True, started_at__isnull=False)
    context = {"bulletin": bulletin, "crumbs": [HOME, {"title": "Bulletins", "url": reverse("bulletins:archive")}]}
    if not bulletin.is_on_the_web:
        context |= {"at": bulletin.off_web_at, "reason": bulletin.off_web_reason}
        return page_taken_down(request, "bulletins/taken_off.html", **context)
    context |= {
        # Made of templates when the snapshot was taken, and approved like that.
        "html": mark_safe((bulletin.snapshot or {})["web"]),  # noqa: S308
        "sent": DeliveryCounts.of(bulletin).sent if bulletin.is_finished else None,
    }
    return render(request, "bulletins/bulletin.html", context)


class BulletinsFeed(SiteFeed):
    """The latest bulletins on the web, as Atom."""

    latest = 30

    title = f"Bulletins – {settings.SITE_NAME}"
    subtitle = f"What was sent to the mailing list of the {settings.SITE_NAME}"

    def link(self) -> str:
        return absolute_url(reverse("bulletins:archive"))

    def feed_url(self) -> str:
        return absolute_url(reverse("bulletins:feed"))

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> list[Bulletin]:
        return list(Bulletin.objects.on_the_web().only(*LIST_FIELDS)[: self.latest])

    def item_title(self, item: Bulletin) -> str:
        return xml_text(item.subject)

    def item_description(self, item: Bulletin) -> str:
        return xml_text(item.preheader)

    def item_link(self, item: Bulletin) -> str:
        return absolute_url(item.get_absolute_url())

    def item_guid(self, item: Bulletin) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Bulletin) -> datetime:
        return item.started_at or timezone.now()

    def item_updateddate(self, item: Bulletin) -> datetime:
        # It stays as it was sent.
        return self.item_pubdate(item)

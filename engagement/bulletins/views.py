"""Bulletins on the web: all that were sent and are public, each as it was sent, and a feed of them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from engagement.bulletins.delivery_stats import DeliveryCounts
from engagement.bulletins.models import Bulletin
from engagement.mailing_list.links import absolute_url
from nelis.core.listing import page_number

__all__ = ["BulletinsFeed", "bulletin_archive", "bulletin_detail"]

PER_PAGE = 30
#: What a list needs: not the frozen content, which is large.
LIST_FIELDS = ("slug", "subject", "preheader", "kind", "started_at")


@require_safe
def bulletin_archive(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    pages = Paginator(Bulletin.objects.on_the_web().only(*LIST_FIELDS), PER_PAGE)
    number, is_bad = page_number(request.GET.get("page"), pages.num_pages)
    if is_bad:
        raise Http404("There is no such page of the list.")
    context = {
        "bulletins": pages.page(number),
        "crumbs": [{"title": "Home", "url": "/"}],
        "canonical": absolute_url(reverse("bulletins:archive")),
    }
    return render(request, "bulletins/archive.html", context)


@require_safe
def bulletin_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One bulletin, once it is being sent. After it was taken off the web, that, and why."""
    found = get_object_or_404(Bulletin, slug=slug, is_public=True, started_at__isnull=False)
    crumbs = [{"title": "Home", "url": "/"}, {"title": "Bulletins", "url": reverse("bulletins:archive")}]
    if not found.is_on_the_web:
        return render(request, "bulletins/taken_off.html", {"bulletin": found, "crumbs": crumbs}, status=410)
    context = {
        "bulletin": found,
        # Made of templates when it was frozen, and approved like that.
        "html": mark_safe((found.frozen or {})["web"]),  # noqa: S308
        "sent": DeliveryCounts.of(found).handed_over if found.is_finished else None,
        "crumbs": crumbs,
        "canonical": absolute_url(found.get_absolute_url()),
    }
    return render(request, "bulletins/bulletin.html", context)


class BulletinsFeed(Feed):
    """The latest bulletins as Atom."""

    feed_type: Any = Atom1Feed
    latest = 30

    title = f"Bulletins – {settings.SITE_NAME}"
    subtitle = f"What was sent to the mailing list of the {settings.SITE_NAME}"
    author_name = settings.SITE_NAME
    language = "en-gb"

    def link(self) -> str:
        """Where they are read."""
        return reverse("bulletins:archive")

    def feed_url(self) -> str:
        """Where this feed is."""
        return reverse("bulletins:feed")

    def feed_guid(self) -> str:
        """The feed's own identity."""
        return absolute_url(self.feed_url())

    def items(self) -> list[Bulletin]:
        """The latest, newest first."""
        return list(Bulletin.objects.on_the_web().only(*LIST_FIELDS)[: self.latest])

    def item_title(self, item: Bulletin) -> str:
        """Its subject."""
        return xml_safe(item.subject)

    def item_description(self, item: Bulletin) -> str:
        """Its preheader."""
        return xml_safe(item.preheader)

    def item_guid(self, item: Bulletin) -> str:
        """Its address, which stays."""
        return absolute_url(item.get_absolute_url())

    def item_pubdate(self, item: Bulletin) -> datetime:
        """When it began to be sent."""
        return item.started_at or timezone.now()

    def item_updateddate(self, item: Bulletin) -> datetime:
        """It stays as it was sent."""
        return self.item_pubdate(item)


def xml_safe(text: str) -> str:
    """``text`` without the characters that no XML document may contain."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")

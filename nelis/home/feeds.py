"""The news as RSS and as Atom, and the list of changes as Atom."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from nelis.core.feeds import AtomFeed, RssFeed, SiteFeed, xml_text
from nelis.core.listing import Listing
from nelis.core.search.urls import public_page_url, public_pages, single_page_url
from nelis.core.site_address import absolute_url
from nelis.home.models import NewsPage
from sectors.changes import Change, changes_by_day, listed_changes

__all__ = ["ChangesAtom", "NewsAtom", "NewsRss"]


class NewsRss(SiteFeed):
    """The latest news as RSS 2.0."""

    feed_type: Any = RssFeed
    url_name = "news_rss"
    latest = 30

    title = f"News – {settings.SITE_NAME}"
    description = f"News of the {settings.SITE_NAME}"
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest) -> str:
        """The address of the list of news; there is no feed without it."""
        address = single_page_url("home.NewsIndexPage")
        if not address:
            raise Http404("The site has no news.")
        return address

    def link(self, address: str) -> str:
        """Where the news are read."""
        return absolute_url(address)

    def feed_url(self) -> str:
        """Where this feed is."""
        return absolute_url(reverse(self.url_name))

    def items(self) -> list[NewsPage]:
        """The latest items that anybody may read, newest first."""
        news = NewsPage.objects.filter(pk__in=public_pages().values("pk"))
        return list(news.order_by("-date", "-pk")[: self.latest])

    def item_title(self, item: NewsPage) -> str:
        """Its title."""
        return xml_text(item.title)

    def item_description(self, item: NewsPage) -> str:
        """Its summary, as the HTML that both formats expect here."""
        return escape(xml_text(item.summary))

    def item_link(self, item: NewsPage) -> str:
        """Its address."""
        return absolute_url(public_page_url(item))

    def item_author_name(self, item: NewsPage) -> str:
        """Who wrote it, where that is known."""
        return xml_text(item.author) or settings.SITE_NAME

    def item_guid(self, item: NewsPage) -> str:
        """An identity that outlives a change of title, date, address and site."""
        return f"urn:uuid:{item.translation_key}"

    def item_pubdate(self, item: NewsPage) -> datetime:
        """The start of the day it bears."""
        return timezone.make_aware(datetime.combine(item.date, time()))

    def item_updateddate(self, item: NewsPage) -> datetime:
        """When its present version was published."""
        return item.last_published_at or self.item_pubdate(item)


class NewsAtom(NewsRss):
    """The latest news as Atom."""

    feed_type = AtomFeed
    url_name = "news_feed"
    subtitle = NewsRss.description

    def feed_guid(self, address: str) -> str:
        """The feed's own identity."""
        return self.feed_url()


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """What a request for the feed of changes asks for: the addresses of feed and list, and the changes."""

    feed_address: str
    list_address: str
    listing: Listing


class ChangesAtom(SiteFeed):
    """The latest changes as Atom, filtered by the query string as their list is."""

    latest = 50

    title = f"Changes – {settings.SITE_NAME}"
    subtitle = f"What was published, changed, corrected or taken down: {settings.SITE_NAME}"

    def get_object(self, request: HttpRequest) -> ChangesQuery:
        """What the query string asks for; there is no feed without the list, nor of what doesn't exist."""
        address = single_page_url("sectors.ChangesPage")
        listing = listed_changes(request.GET, per_page=self.latest)
        if not address or listing.unknown:
            raise Http404("There is no such list of changes.")
        query = f"?{listing.query}" if listing.query else ""
        return ChangesQuery(request.path + query, address + query, listing)

    def link(self, wanted: ChangesQuery) -> str:
        """Where the changes are read, with the same filters."""
        return absolute_url(wanted.list_address)

    def feed_url(self, wanted: ChangesQuery) -> str:
        """Where this feed is."""
        return absolute_url(wanted.feed_address)

    def feed_guid(self, wanted: ChangesQuery) -> str:
        """The feed's own identity."""
        return self.feed_url(wanted)

    def items(self, wanted: ChangesQuery) -> list[Change]:
        """The latest changes, newest first."""
        return [change for _, changes in changes_by_day(wanted.listing.page.object_list) for change in changes]

    def item_title(self, item: Change) -> str:
        """What was done, and to what."""
        return xml_text(str(item.entry))

    def item_description(self, item: Change) -> str:
        """The editor's note and what changed in words, as the HTML that readers of feeds expect."""
        sentences = [item.entry.note, *item.entry.details]
        return "".join(f"<p>{escape(xml_text(sentence))}</p>" for sentence in sentences if sentence)

    def item_link(self, item: Change) -> str:
        """The comparison with the version before, or the thing itself, or the entry in the list."""
        return absolute_url(item.compare_url or item.url or self.entry_url(item))

    def entry_url(self, item: Change) -> str:
        """Where the entry stands in the list."""
        return f"{reverse('changes_feed').removesuffix('atom/')}#change-{item.entry.pk}"

    def item_guid(self, item: Change) -> str:
        """An identity that outlives a change of the thing's title and address."""
        return absolute_url(self.entry_url(item))

    def item_pubdate(self, item: Change) -> datetime:
        """When it was published."""
        return item.entry.at

    def item_updateddate(self, item: Change) -> datetime:
        """Entries are never changed."""
        return item.entry.at

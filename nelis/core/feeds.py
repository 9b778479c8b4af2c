"""What the feeds of every app share: full addresses, text that XML can hold, and the same bytes from every process."""

import re
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

__all__ = ["AtomFeed", "RssFeed", "SiteFeed", "xml_text"]

# What XML can't hold in any form, and what editors may still paste.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return ``text`` without the characters that no XML document may contain."""
    return _NOT_XML.sub("", text)


class SteadyDateMixin:
    """A feed without items is dated at the start of the day, not at the moment of the request."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        if not self.items:
            return timezone.make_aware(datetime.combine(timezone.localdate(), time()))
        return super().latest_post_date()  # type: ignore[misc]  # a mixin: the feed has it


class AtomFeed(SteadyDateMixin, Atom1Feed):
    """An Atom feed."""


class RssFeed(SteadyDateMixin, Rss201rev2Feed):
    """An RSS 2.0 feed."""


class SiteFeed(Feed):
    """A feed of this site.

    Subclasses return full addresses (``absolute_url``) from ``link``, ``feed_url`` and ``item_link``: Django would put
    the host of the request before a path.
    """

    feed_type: Any = AtomFeed
    author_name = settings.SITE_NAME
    language = "en-gb"

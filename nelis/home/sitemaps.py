"""The list of all public addresses, for search engines."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from wagtail.models import Page

from nelis.core.search.places import only_page, public_pages
from sectors.models import Organisation

__all__ = ["SITEMAPS", "OrganisationSitemap", "PageSitemap"]


class PageSitemap(Sitemap):
    """Every page that anybody may read."""

    def items(self) -> list[Page]:
        """Pages that have an address on this site. One query, whatever their types."""
        pages = public_pages().filter(depth__gt=1).order_by("path").defer_streamfields()
        return [page for page in pages if page.get_url_parts()]

    def location(self, item: Page) -> str:
        """Its path."""
        return str(item.get_url_parts()[2])

    def lastmod(self, item: Page) -> datetime | None:
        """When its present version was published."""
        return item.last_published_at


class OrganisationSitemap(Sitemap):
    """The pages of the organisations, which are no pages of the tree."""

    def items(self) -> Any:
        """Organisations, while their list is public."""
        if not only_page("sectors.OrganisationIndexPage"):
            return Organisation.objects.none()
        return Organisation.objects.filter(live=True).order_by("slug")

    def lastmod(self, item: Organisation) -> datetime | None:
        """When its present version was published."""
        return item.last_published_at


SITEMAPS = {"pages": PageSitemap, "organisations": OrganisationSitemap}

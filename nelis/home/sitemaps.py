"""The list of all public addresses, for search engines."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from wagtail.models import Page

from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound
from nelis.core.search.urls import public_pages, single_page_url
from nelis.core.site_address import split_base_url
from nelis.evidence.models import Source, Statistic
from sectors.models import Organisation

__all__ = [
    "SITEMAPS",
    "BulletinSitemap",
    "FigureSitemap",
    "FormSitemap",
    "OrganisationSitemap",
    "PageSitemap",
    "PublicationSitemap",
    "RoundSitemap",
]


class SiteSitemap(Sitemap):
    """A part of the sitemap. Its addresses are at ``BASE_URL``, whatever host the request came by."""

    def get_domain(self, site: Any = None) -> str:
        return split_base_url().netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return split_base_url().scheme


class PageSitemap(SiteSitemap):
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


class SnippetSitemap(SiteSitemap):
    """Pages of things that are no pages of the tree: they stand below one that is, while it is public."""

    model: type[Any]
    index = ""
    order = ""

    def items(self) -> Any:
        """What is published, while the page above it is public."""
        if not single_page_url(self.index):
            return self.model.objects.none()
        return self.model.objects.filter(live=True).order_by(self.order)

    def lastmod(self, item: Any) -> datetime | None:
        """When its present version was published."""
        return item.last_published_at


class OrganisationSitemap(SnippetSitemap):
    """The pages of the organisations."""

    model, index, order = Organisation, "sectors.OrganisationIndexPage", "slug"


class PublicationSitemap(SnippetSitemap):
    """The pages of the publications in the evidence library."""

    model, index, order = Source, "evidence.EvidenceIndexPage", "ref"


class FigureSitemap(SnippetSitemap):
    """The pages of the figures."""

    model, index, order = Statistic, "evidence.EvidenceIndexPage", "key"


class FormSitemap(SiteSitemap):
    """Pages that are views and that search engines should find, by the names of their addresses."""

    def items(self) -> list[str]:
        """Their names."""
        return ["mailing_list:signup", "feedback:rounds", "open_data", "api_documentation"]

    def location(self, item: str) -> str:
        """The path."""
        return reverse(item)


class RoundSitemap(SiteSitemap):
    """Rounds of feedback, but for those that are still being built and those that only show how it works."""

    def items(self) -> list[str]:
        """Their names in addresses."""
        rounds = FeedbackRound.objects.public().filter(is_demonstration=False)
        return list(rounds.order_by("pk").values_list("slug", flat=True))

    def location(self, item: str) -> str:
        """The path."""
        return reverse("feedback:round", args=[item])


class BulletinSitemap(SiteSitemap):
    """The archive of bulletins, and every bulletin in it."""

    def items(self) -> list[Bulletin | None]:
        """The list itself first."""
        return [None, *Bulletin.objects.on_the_web().only("slug", "completed_at", "started_at")]

    def location(self, item: Bulletin | None) -> str:
        """Its path."""
        return item.get_absolute_url() if item else reverse("bulletins:archive")

    def lastmod(self, item: Bulletin | None) -> datetime | None:
        """When it was sent: it says since then to how many."""
        return item.completed_at or item.started_at if item else None


SITEMAPS = {
    "forms": FormSitemap,
    "rounds": RoundSitemap,
    "pages": PageSitemap,
    "organisations": OrganisationSitemap,
    "publications": PublicationSitemap,
    "figures": FigureSitemap,
    "bulletins": BulletinSitemap,
}

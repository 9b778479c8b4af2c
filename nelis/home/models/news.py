"""News, under the month it appeared in."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Page
from wagtail.signals import page_slug_changed

from nelis.core.listing import Facet, Option, Row, build_listing
from nelis.evidence.models import EvidencedIndexPage, EvidencedPage
from nelis.home.dated_items import (
    DatedItem,
    by_year,
    change_days,
    load_items,
    news_and_events,
    outline,
    position_of,
)

__all__ = ["NewsIndexPage", "NewsPage"]


class NewsPage(EvidencedPage):
    """A piece of news, or our summary of a piece published elsewhere."""

    class Kind(models.TextChoices):
        NEWS = "news", "News"
        LEADER_VIEW = "leader_view", "Leader view"

    date = models.DateField(help_text="The date it bears. Its month is part of the address.")
    news_kind = models.CharField("kind", max_length=12, choices=Kind.choices, default=Kind.NEWS)
    author = models.CharField(max_length=160, blank=True)
    original_title = models.CharField(
        max_length=255, blank=True, help_text="Only for a summary of a piece published elsewhere."
    )
    original_url = models.URLField("original address", blank=True)

    kind = "News"
    og_type = "article"
    template = "pages/news.html"
    parent_page_types = ["home.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    page_description = "A piece of news, or a summary and citation of one."

    content_panels = [
        *EvidencedPage.content_panels[:2],
        FieldRowPanel([FieldPanel("date"), FieldPanel("news_kind")]),
        FieldPanel("author"),
        FieldPanel("original_title"),
        FieldPanel("original_url"),
        *EvidencedPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = "news item"

    @property
    def when(self) -> str:
        """The date it bears, in words."""
        return date_format(self.date, "j F Y")

    def search_parts(self) -> Iterable[Any]:
        return (self.author, self.original_title)

    def set_url_path(self, parent: Page | None) -> str:
        """The address holds year and month: /news/2018/12/slug/."""
        if parent is None:
            return super().set_url_path(parent)
        self.url_path = f"{parent.url_path}{self.date:%Y/%m}/{self.slug}/"
        return self.url_path

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if not self.pk:
            return super().save(*args, **kwargs)
        # Wagtail renews the address, and makes a redirect, when the slug changes; ours depends on the date too.
        before = NewsPage.objects.get(pk=self.pk)
        self.set_url_path(self.get_parent())
        result = super().save(*args, **kwargs)
        if self.slug == before.slug and self.url_path != before.url_path and "update_fields" not in kwargs:
            transaction.on_commit(
                lambda: page_slug_changed.send(sender=type(self), instance=self, instance_before=before)
            )
        return result

    def json_ld(self, request: Any = None) -> dict[str, Any]:
        data = super().json_ld(request)
        data |= {"@type": "NewsArticle", "headline": self.title, "datePublished": str(self.date)}
        return data


class NewsIndexPage(EvidencedIndexPage):
    """All news with the events and the changes, newest first, filtered by kind and year."""

    kind = "List"
    template = "pages/news_index.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count = 1
    page_description = "Lists the news, and the events and changes beside them. One for the whole site."

    class Meta:
        verbose_name = "list of news"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        days = change_days()
        entries = outline(news_and_events(), days)
        years = sorted({str(position_of(entry).year) for entry in entries}, reverse=True)
        kinds = [*NewsPage.Kind.choices, ("event", "Events"), ("change", "Changes")]
        facets = [
            Facet("kind", "Show", [Option(str(value), str(label)) for value, label in kinds]),
            Facet("year", "Year", [Option(year, year) for year in years]),
        ]
        rows = [
            Row(
                index,
                {
                    "kind": frozenset([entry.choice if isinstance(entry, DatedItem) else "change"]),
                    "year": frozenset([str(position_of(entry).year)]),
                },
            )
            for index, entry in enumerate(entries)
        ]
        listing = build_listing(rows, facets, request.GET, per_page=20)
        shown = load_items((entries[index] for index in listing.page.object_list), days)
        # What a filter leaves out is no stretch of time without anything.
        is_whole = not listing.is_filtered
        until = timezone.localdate() if is_whole and listing.page.number == 1 else None
        context["listing"] = listing
        context["has_choice"] = len({tuple(row.values.values()) for row in rows}) > 1
        context["years"] = by_year(shown, until=until, has_gaps=is_whole)
        context["has_loose_dates"] = any(item.date is None for item in shown)
        return context

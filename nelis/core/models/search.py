"""The search index: one row for each public thing that can be found."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.search import index

__all__ = ["SearchEntry"]


class SearchEntry(index.Indexed, models.Model):
    """A page or snippet as search sees it.

    One table for all kinds, so that one ranked query finds a proposition, a finding and a glossary
    term together, and a filter by kind is a plain condition. Kept up to date by
    ``nelis.core.search.upkeep``; ``manage.py rebuild_search`` makes it anew.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40, db_index=True)
    ref = models.CharField(max_length=40, blank=True, db_index=True)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    updated_at = models.DateTimeField(auto_now=True)

    search_fields = [
        index.SearchField("ref", boost=8),
        index.SearchField("title", boost=5),
        index.AutocompleteField("ref"),
        index.AutocompleteField("title"),
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.FilterField("kind"),
    ]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_search_entry_per_object"
            )
        ]
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}".strip()

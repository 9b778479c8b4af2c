"""The search index: one row for each public thing that can be found."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.search import index

from nelis.core.search.text import index_text

__all__ = ["SearchEntry"]


class SearchEntry(index.Indexed, models.Model):
    """A page or snippet as search sees it.

    One table for all kinds, so that one ranked query finds a proposition, a finding and a glossary
    term together, and a filter by kind is a plain condition. Kept up to date by
    ``nelis.core.search.index_sync``; ``manage.py rebuild_search`` makes it anew.
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

    #: Everything an object says of itself.
    CONTENT = ("kind", "ref", "title", "summary", "body", "url")

    # The database's index gets words in the form that queries are brought into, not the text.
    search_fields = [
        index.SearchField("title_words", boost=5),
        index.SearchField("text_words"),
        index.AutocompleteField("title_words"),
    ]
    # The words are written together with the entry, in ``nelis.core.search.index_sync``.
    search_auto_update = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="one_search_entry_per_object")
        ]
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}".strip()

    def title_words(self) -> str:
        """The words of reference and title, as the index keeps them."""
        return index_text(self.ref, self.title)

    def text_words(self) -> str:
        """All further words, as the index keeps them."""
        return index_text(self.summary, self.body)

"""Rows derived from content: the version number of all content, the search index, and the drawings of charts."""

from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F
from django.utils import timezone
from wagtail.search import index

from nelis.core.models.abstract import NonContentModel
from nelis.core.text import Priority, comparison_key, index_text


class ContentVersion(models.Model):
    """One row whose number rises whenever anything public may have changed.

    Cached pages are stored under this number. It is raised in the transaction of the change, so other processes see
    the new number exactly when they see the new content, and no cached page outlives the commit.

    A transaction that is rolled back gives its number back, and the next one takes it again. What a process caches
    from inside a transaction goes by the ``stamp``, which never comes twice.
    """

    number = models.PositiveBigIntegerField(default=1)
    stamp = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = "content version"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """Return the number: one query, in plain SQL because every request makes it."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM core_contentversion WHERE id = 1")
            row = cursor.fetchone()
        return int(row[0]) if row else 0

    @classmethod
    def bump(cls) -> None:
        """Raise the number, in the caller's transaction if there is one."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1, stamp=uuid4()):
            cls.objects.get_or_create(pk=1)


class SearchEntry(index.Indexed, models.Model):
    """A page or snippet in the search index, or a section of the site that is neither.

    One table for all kinds, so that one ranked query finds a proposition, a finding and a glossary term together, and
    a filter by kind is a plain condition. ``nelis.core.search.index_sync`` keeps it up to date;
    ``manage.py rebuild_search`` makes it anew.
    """

    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=40, db_index=True)
    ref = models.CharField(max_length=40, blank=True, db_index=True)
    title = models.CharField(max_length=255)
    names = models.TextField(blank=True, help_text="Other names of the object, one a line.")
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(default=Priority.OTHER)
    url = models.CharField(max_length=500)
    updated_at = models.DateTimeField(auto_now=True)

    #: The fields copied from the object's ``search_text()``, and its URL.
    CONTENT = ("kind", "ref", "title", "names", "summary", "body", "priority", "url")

    # The database's index gets words in the form that queries are brought into, not the text.
    search_fields = [
        index.SearchField("title_words", boost=5),
        index.SearchField("text_words"),
        index.AutocompleteField("title_tokens"),
    ]
    # ``index_sync`` adds the entry to the database's index itself.
    search_auto_update = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="one_search_entry_per_object")
        ]
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.ref} {self.title}".strip()

    def title_words(self) -> str:
        """The words of reference, title and names, as the database's index holds them."""
        return index_text(self.ref, self.title, self.names)

    def title_tokens(self) -> str:
        """The words of reference, title and names in full, for words that are typed in part."""
        return comparison_key(f"{self.ref} {self.title} {self.names}")

    def text_words(self) -> str:
        """The words of kind, summary and body, as the database's index holds them."""
        return index_text(self.kind, self.summary, self.body)


class DrawnChart(NonContentModel):
    """The drawing of one chart from certain data in a certain theme, or a request for it."""

    name = models.CharField(max_length=80)
    #: SHA-256 of the data and the theme.
    fingerprint = models.CharField(max_length=64)
    wide_spec = models.JSONField()
    narrow_spec = models.JSONField()
    #: Title, summary, and the table with its columns and rows: what files for others say with the drawing.
    description = models.JSONField(default=dict, blank=True)
    #: Whether anybody may take it away as files.
    is_public = models.BooleanField(default=False)
    wide = models.TextField(blank=True)
    png = models.BinaryField(blank=True, default=bytes)
    narrow = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    drawn_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["name", "fingerprint"], name="one_drawing_of_the_same")]

    def __str__(self) -> str:
        return f"{self.name}, {self.requested_at:%Y-%m-%d}"

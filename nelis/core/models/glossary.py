"""Terms of the field, explained once."""

from django.db import models
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from nelis.core.models.workflow import ReviewedMixin
from nelis.core.search.indexing import SearchText

__all__ = ["GlossaryTerm"]


class GlossaryTerm(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A term, its abbreviation and what it means here."""

    term = models.CharField(max_length=120, unique=True)
    abbreviation = models.CharField(max_length=20, blank=True)
    definition = models.TextField(max_length=600, help_text="One or two plain sentences that stand by themselves.")
    see_also = models.ManyToManyField("self", blank=True, symmetrical=False)

    panels = [
        FieldPanel("term"),
        FieldPanel("abbreviation"),
        FieldPanel("definition"),
        FieldPanel("see_also"),
    ]

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return f"{self.term} ({self.abbreviation})" if self.abbreviation else self.term

    @property
    def anchor(self) -> str:
        """The fragment of this term on the glossary page. Fixed by the term itself."""
        return slugify(self.term)

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Glossary",
            ref=self.abbreviation,
            title=self.term,
            summary=self.definition,
            body="",
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/glossary_term.html"

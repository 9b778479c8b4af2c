"""Questions put to the public, in sets that events and feedback rounds share."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from nelis.core.text import SearchText

__all__ = ["Question", "QuestionSet"]


class QuestionSet(ClusterableModel):
    """Questions that belong together, such as those on the evidence."""

    key = models.SlugField(max_length=40, unique=True, help_text="Permanent, such as evidence.")
    title = models.CharField(max_length=160)
    intro = models.CharField(max_length=300, blank=True)

    panels = [
        FieldPanel("title"),
        FieldPanel("key"),
        FieldPanel("intro"),
        InlinePanel("questions", label="Question", heading="Questions"),
    ]

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Question(Orderable):
    """One question, in our words, with the reference it is answered under."""

    question_set = ParentalKey(QuestionSet, on_delete=models.CASCADE, related_name="questions")
    ref = models.CharField("reference", max_length=8, unique=True, help_text="Such as PQ3a.")
    text = models.CharField(max_length=300)
    is_part = models.BooleanField("part of the question above", default=False, help_text="Such as PQ3a under PQ3.")

    panels = [FieldPanel("ref"), FieldPanel("text"), FieldPanel("is_part")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text}"

    @property
    def anchor(self) -> str:
        """The fragment of this question on the pages that show it."""
        return self.ref

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Discussion question",
            ref=self.ref,
            title=self.text[:255],
            summary="",
            body=self.question_set.title,
        )

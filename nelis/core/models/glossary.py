"""The terms of the glossary."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from nelis.core.models.workflow import ReviewedMixin
from nelis.core.text import Priority, SearchText


class GlossaryTerm(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A term, its abbreviation and its definition."""

    term = models.CharField(max_length=120, unique=True)
    abbreviation = models.CharField(max_length=20, blank=True)
    definition = models.TextField(max_length=600, help_text="One or two plain sentences that stand by themselves.")
    see_also = models.ManyToManyField("self", blank=True, symmetrical=False)
    explained = models.BooleanField(
        "explain in texts",
        default=False,
        help_text="Tick for words that readers stumble over. Where one first appears in the text of a page, it leads "
        "to its meaning at the foot of that page. Headings, links and quotations are left alone.",
    )
    forms = models.CharField(
        "other forms",
        max_length=200,
        blank=True,
        help_text="Such as the plural, with commas between. The term and its abbreviation are recognised anyway. "
        "Capitals count, except at the beginning of a word in small letters.",
    )

    panels = [
        FieldPanel("term"),
        FieldPanel("abbreviation"),
        FieldPanel("definition"),
        FieldPanel("see_also"),
        MultiFieldPanel([FieldPanel("explained"), FieldPanel("forms")], "In texts"),
    ]

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return f"{self.term} ({self.abbreviation})" if self.abbreviation else self.term

    def clean(self) -> None:
        super().clean()
        if not self.explained:
            return
        forms = {form.casefold() for form in self.recognised}
        for other in GlossaryTerm.objects.filter(explained=True).exclude(pk=self.pk):
            if shared := [form for form in other.recognised if form.casefold() in forms]:
                field = "forms" if self.forms else "explained"
                message = f"“{shared[0]}” in a text already leads to “{other}”. One word, one meaning."
                raise ValidationError({field: message})

    @property
    def recognised(self) -> list[str]:
        """The forms by which it is found in texts: the term, its abbreviation and its other forms."""
        forms = (" ".join(form.split()) for form in [self.term, self.abbreviation, *self.forms.split(",")])
        return [form for form in forms if form]

    @property
    def anchor(self) -> str:
        """The fragment of this term on the glossary page, made from the term."""
        return slugify(self.term)

    def search_text(self) -> SearchText:
        return SearchText(
            kind="Glossary",
            ref=self.abbreviation,
            title=self.term,
            summary=self.definition,
            body="",
            names=tuple(self.recognised[1:]),
            priority=Priority.EXPLANATION,
        )

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/glossary_term.html"

"""Frequently asked questions and the glossary."""

from itertools import groupby
from typing import Any, ClassVar

from django.db import models
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from nelis.core.blocks import RICH_TEXT_FEATURES
from nelis.core.models import GlossaryTerm
from nelis.core.models.workflow import ReviewedMixin
from nelis.core.richtext import expand_all_links, plain_text
from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedPage

__all__ = ["FAQ", "FAQPage", "GlossaryPage"]


class FAQ(ReviewedMixin, DraftStateMixin, RevisionMixin, PreviewableMixin, models.Model):
    """A question people ask, with its answer."""

    slug = models.SlugField(max_length=80, unique=True, help_text="Permanent: part of its address.")
    question = models.CharField(max_length=200)
    answer = RichTextField(features=RICH_TEXT_FEATURES)
    category = models.CharField(max_length=80)
    sort_order = models.PositiveIntegerField(default=0)
    source = models.ForeignKey("evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    other_source = models.ForeignKey(
        "evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        FieldPanel("question"),
        FieldPanel("answer", help_text="Short. Link to the page that says more."),
        FieldPanel("category", help_text="Questions of one category stand together."),
        FieldPanel("sort_order", help_text="Lower numbers come first."),
        FieldRowPanel([FieldPanel("source"), FieldPanel("other_source")]),
        FieldPanel("slug"),
    ]

    permanent_fields = ("slug",)

    class Meta:
        ordering = ["sort_order", "question"]
        verbose_name = "question and answer"
        verbose_name_plural = "questions and answers"

    def __str__(self) -> str:
        return self.question

    @property
    def anchor(self) -> str:
        return self.slug

    @property
    def sources(self) -> list[Any]:
        """The published sources of the answer."""
        return [source for source in (self.source, self.other_source) if source and source.live]

    def search_text(self) -> SearchText:
        return SearchText(kind="Question", ref="", title=self.question, summary="", body=plain_text(self.answer))

    def get_preview_template(self, request: object, mode_name: str) -> str:
        return "previews/faq.html"


class FAQPage(EvidencedPage):
    """All questions and answers, by category."""

    kind = "Questions"
    template = "pages/faqs.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists questions and answers. One for the whole site."

    class Meta:
        verbose_name = "questions page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        faqs = list(FAQ.objects.filter(live=True).select_related("source", "other_source"))
        categories: dict[str, list[FAQ]] = {}
        for faq, html in zip(faqs, expand_all_links([faq.answer for faq in faqs]), strict=True):
            faq.html = html
            categories.setdefault(faq.category, []).append(faq)
        context["parts"] = [
            {"id": f"about-{slugify(category)}", "title": category, "questions": members}
            for category, members in categories.items()
        ]
        listed = {source.pk for source in context["sources"]}
        own = {source.pk: source for faq in faqs for source in faq.sources}
        context["sources"] += [source for pk, source in own.items() if pk not in listed]
        return context


class GlossaryPage(EvidencedPage):
    """All terms, from A to Z."""

    kind = "Glossary"
    explains_terms = False
    template = "pages/glossary.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Lists the terms. One for the whole site."

    class Meta:
        verbose_name = "glossary page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        terms = GlossaryTerm.objects.filter(live=True).prefetch_related(
            models.Prefetch("see_also", GlossaryTerm.objects.filter(live=True))
        )
        by_name = sorted(terms, key=lambda term: term.term.casefold())
        context["letters"] = [
            (letter, list(group)) for letter, group in groupby(by_name, key=lambda term: term.term[:1].upper())
        ]
        return context

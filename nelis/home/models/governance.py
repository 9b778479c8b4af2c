"""Who decides, who advises, and who sits where."""

from itertools import groupby
from typing import Any, ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from nelis.core.svg_geometry import Link, SvgPath, link_lines, row_centres
from nelis.core.text import SearchText
from nelis.evidence.models import EvidencedPage
from sectors.models import Confidence

__all__ = ["GovernanceBody", "GovernancePage", "Membership"]


class GovernanceBody(ClusterableModel):
    """A body with a part in making the strategy."""

    class Tier(models.TextChoices):
        DECISION = "decision", "Decides"
        ADVISORY = "advisory", "Advises"
        EXTERNAL = "external", "Is consulted, or reviews"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160, unique=True)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    role = models.CharField(max_length=300, help_text="What it does, in a sentence.")
    chair = models.CharField(max_length=120, blank=True)
    meets = models.CharField(max_length=80, blank=True, help_text="How often, if known.")
    confidence = models.CharField(
        max_length=10,
        choices=Confidence.choices,
        default=Confidence.HIGH,
        help_text="How sure we are of its place.",
    )
    confidence_note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey("evidence.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sort_order = models.PositiveIntegerField(default=0)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("tier", help_text="Decides, advises or is consulted."),
        FieldPanel("role"),
        FieldPanel("chair"),
        FieldPanel("meets"),
        FieldPanel("confidence"),
        FieldPanel("confidence_note", help_text="What the doubt is."),
        FieldPanel("source"),
        FieldPanel("sort_order", help_text="Lower numbers come first."),
        InlinePanel("memberships", label="Member", heading="Members"),
    ]

    permanent_fields = ("slug",)

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name_plural = "governance bodies"

    def __str__(self) -> str:
        return self.name

    @property
    def anchor(self) -> str:
        return self.slug

    @property
    def is_placed(self) -> bool:
        """Whether a source leaves no doubt of its place; else the place is our reading."""
        return self.confidence == Confidence.HIGH

    def search_text(self) -> SearchText:
        return SearchText(kind="Governance", ref="", title=self.name, summary=self.role, body=self.chair)


class Membership(Orderable):
    """An organisation's seat on a body."""

    body = ParentalKey(GovernanceBody, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("sectors.Organisation", on_delete=models.PROTECT, related_name="memberships")
    on_behalf_of = models.CharField(max_length=160, blank=True)

    panels = [FieldPanel("organisation"), FieldPanel("on_behalf_of", help_text="Only if it sits for others too.")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["body", "organisation"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.body}"


class GovernancePage(EvidencedPage):
    """Bodies by tier, with their members."""

    in_section = True
    kind = "Governance"
    template = "pages/governance.html"
    parent_page_types = ["home.StandardPage", "home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count = 1
    page_description = "Shows who decides and who advises. One for the whole site."

    class Meta:
        verbose_name = "governance page"

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        bodies = list(
            GovernanceBody.objects.select_related("source").prefetch_related(
                models.Prefetch("memberships", Membership.objects.select_related("organisation"))
            )
        )
        order = list(GovernanceBody.Tier.values)
        bodies.sort(key=lambda body: (order.index(body.tier), body.sort_order))
        tiers = [
            (GovernanceBody.Tier(tier), list(members)) for tier, members in groupby(bodies, key=lambda body: body.tier)
        ]
        context["tiers"] = tiers
        context["lines"] = self.lines_to_strategy([members for _, members in tiers])
        listed = {source.pk for source in context["sources"]}
        own = {body.source_id: body.source for body in bodies if body.source and body.source.live}
        context["sources"] += [source for pk, source in own.items() if pk not in listed]
        return context

    @staticmethod
    def lines_to_strategy(tiers: list[list[GovernanceBody]]) -> list[SvgPath]:
        """One line from each body to the strategy: solid where a source places it, dashed where we do."""
        rows = row_centres([[body.pk for body in members] for members in tiers])
        links = [
            Link(body.pk, "strategy", "stated" if body.is_placed else "inferred", body.tier)
            for members in tiers
            for body in members
        ]
        return link_lines(links, rows, {"strategy": 50})

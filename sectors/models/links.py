"""The ties between the parts of the strategy, each with its basis, and the roles of organisations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable

__all__ = [
    "LINK_PANELS",
    "ORGANISATION_PANELS",
    "Basis",
    "Confidence",
    "OrganisationRole",
    "StrategyLink",
]


class Basis(models.TextChoices):
    """Who says so: a source, or we."""

    STATED = "stated", "Stated in a source"
    INFERRED = "inferred", "Inferred by us"


class Confidence(models.TextChoices):
    """How sure an inference is."""

    HIGH = "high", "High confidence"
    MEDIUM = "medium", "Medium confidence"
    LOW = "low", "Low confidence"


class BasisModel(Orderable):
    """A tie that is stated in a source, or inferred with a confidence and a reason."""

    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.INFERRED)
    confidence = models.CharField(
        max_length=10,
        choices=Confidence.choices,
        blank=True,
        help_text="Only for an inferred tie.",
    )

    class Meta(Orderable.Meta):
        abstract = True

    @property
    def is_inferred(self) -> bool:
        return self.basis == Basis.INFERRED

    def basis_errors(self, reason_field: str) -> dict[str, str]:
        """What is wrong with basis, confidence and reason, by field. Empty when all is well."""
        errors = {}
        if self.is_inferred:
            if not self.confidence:
                errors["confidence"] = "An inferred tie needs a confidence."
            if not getattr(self, reason_field):
                errors[reason_field] = "Say why we infer this tie, in a sentence."
        elif self.confidence:
            errors["confidence"] = "A tie that a source states has no confidence. Empty this field."
        return errors


def basis_condition(reason_field: str) -> Q:
    """The same rule for the database: stated without a confidence, or inferred with confidence and reason."""
    return Q(basis="stated", confidence="") | (Q(basis="inferred") & ~Q(confidence="") & ~Q(**{reason_field: ""}))


def basis_panel() -> FieldRowPanel:
    """Basis and confidence, side by side."""
    basis = FieldPanel("basis", help_text="“Stated” only if a source says so in words.")
    return FieldRowPanel([basis, FieldPanel("confidence")])


class StrategyLink(BasisModel):
    """A tie from one page of the strategy to another. Recorded once, shown at both ends."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="strategy_links")
    target = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="linked_from")
    rationale = models.CharField(max_length=300, blank=True, help_text="Why they belong together, in a sentence.")

    panels = [
        PageChooserPanel(
            "target",
            [
                "sectors.FoundationPage",
                "sectors.GrandChallengePage",
                "sectors.SectorDealPage",
                "sectors.SectorPage",
                "sectors.SubSectorPage",
                "sectors.PropositionPage",
                "sectors.ProjectPage",
            ],
        ),
        basis_panel(),
        FieldPanel("rationale"),
    ]

    class Meta(BasisModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "target"], name="strategy_link_once"),
            models.CheckConstraint(
                condition=basis_condition("rationale"),
                name="inferred_link_has_confidence_and_rationale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} → {self.target} ({self.basis})"

    def clean(self) -> None:
        super().clean()
        errors = self.basis_errors("rationale")
        if self.page_id and self.page_id == self.target_id:
            errors["target"] = "A page can’t be linked to itself."
        if errors:
            raise ValidationError(errors)


class OrganisationRole(BasisModel):
    """What an organisation does for a page of the strategy: leads, delivers, is a partner."""

    class Role(models.TextChoices):
        KEY = "key", "Works in it"
        LEAD = "lead", "Leads"
        DELIVER = "deliver", "Delivers"
        FUND = "fund", "Funds"
        ASKED = "asked", "Is asked to act"
        PARTNER = "partner", "Partner"

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="organisation_roles")
    organisation = models.ForeignKey("sectors.Organisation", on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.PARTNER)
    note = models.CharField(max_length=300, blank=True, help_text="What it does here, or why we infer the role.")

    panels = [
        FieldPanel("organisation", help_text="Add it to the directory first if it isn’t there."),
        FieldPanel("role", help_text="What it does here."),
        basis_panel(),
        FieldPanel("note"),
    ]

    class Meta(BasisModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "organisation", "role"], name="organisation_role_once"),
            models.CheckConstraint(
                condition=basis_condition("note"),
                name="inferred_role_has_confidence_and_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()} ({self.page})"

    def clean(self) -> None:
        super().clean()
        if errors := self.basis_errors("note"):
            raise ValidationError(errors)


LINK_PANELS = [
    InlinePanel(
        "strategy_links",
        label="Link",
        heading="Links to the rest of the strategy",
        help_text="Record each tie once: the page at the other end shows it too.",
    )
]
ORGANISATION_PANELS = [InlinePanel("organisation_roles", label="Organisation", heading="Organisations")]

"""Links between the pages of the strategy, from findings and to organisations, each with its basis."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, PageChooserPanel, get_form_for_model
from wagtail.models import Orderable, Page

from nelis.evidence.models import EvidencedPage
from sectors.forms import EvidenceLinkForm


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
    """A link that is stated in a source, or inferred with a confidence and a reason."""

    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.INFERRED)
    confidence = models.CharField(
        max_length=10,
        choices=Confidence.choices,
        blank=True,
        help_text="Only for an inferred link.",
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
                errors["confidence"] = "An inferred link needs a confidence."
            if not getattr(self, reason_field):
                errors[reason_field] = "Say why we infer this link, in a sentence."
        elif self.confidence:
            errors["confidence"] = "A link that a source states has no confidence. Empty this field."
        return errors


def basis_condition(reason_field: str) -> Q:
    """The same rule for the database: stated without a confidence, or inferred with confidence and reason."""
    return Q(basis="stated", confidence="") | (Q(basis="inferred") & ~Q(confidence="") & ~Q(**{reason_field: ""}))


def basis_panel() -> FieldRowPanel:
    """Basis and confidence, side by side."""
    basis = FieldPanel("basis", help_text="“Stated” only if a source says so in words.")
    return FieldRowPanel([basis, FieldPanel("confidence")])


class StrategyLink(BasisModel):
    """A link from one page of the strategy to another. Recorded once, shown at both ends."""

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


class EvidenceLink(BasisModel):
    """What a finding has to do with a proposition. Recorded on the proposition, shown at both ends."""

    class Relation(models.TextChoices):
        ADDRESSES = "addresses", "Addresses"
        BUILDS_ON = "builds_on", "Builds on"
        IMPLEMENTS = "implements", "Carries out"
        CHALLENGES = "challenges", "Counts against it"
        CONTEXT = "context", "Context"

    page = ParentalKey("sectors.PropositionPage", on_delete=models.CASCADE, related_name="evidence_links")
    finding = models.ForeignKey("evidence.Finding", on_delete=models.PROTECT, related_name="evidence_links")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    rationale = models.CharField(max_length=300, blank=True, help_text="Why we see this line, in a sentence.")
    # Whoever ticks the form: no field that anybody types in. Readers see the day alone.
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_on = models.DateField(null=True, editable=False)

    panels = [
        FieldPanel("finding", help_text="By its reference, such as C2."),
        FieldPanel(
            "relation",
            help_text="The proposition addresses a constraint, builds on a strength or carries out a recommendation; "
            "or the finding counts against it.",
        ),
        basis_panel(),
        FieldPanel("rationale"),
        FieldPanel("checked"),
    ]

    class Meta(BasisModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "finding", "relation"],
                name="evidence_link_once",
                violation_error_message="This finding has a line of this kind to the proposition already.",
            ),
            models.CheckConstraint(
                condition=basis_condition("rationale"),
                name="inferred_evidence_link_has_confidence_and_rationale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.get_relation_display().lower()} {self.finding_id} ({self.basis})"

    @property
    def is_challenge(self) -> bool:
        """Whether the finding speaks against the proposition."""
        return self.relation == self.Relation.CHALLENGES

    @property
    def sense(self) -> str:
        """Whether the finding speaks for the proposition or against it; empty for mere context."""
        if self.relation == self.Relation.CONTEXT:
            return ""
        return "against" if self.is_challenge else "for"

    def clean(self) -> None:
        super().clean()
        if errors := self.basis_errors("rationale"):
            raise ValidationError(errors)


class EvidenceLinksPanel(InlinePanel):
    """The lines of a proposition, each with a box that takes down who checked it."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        mine = options["formsets"][self.relation_name]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields")
        mine["form"] = get_form_for_model(EvidenceLink, EvidenceLinkForm, defer_required_on_fields=deferred)
        # Who edits is known to the form of the page, which hands it on.
        mine["inherit_kwargs"] = ["for_user"]
        return options


LINK_PANELS = [
    InlinePanel(
        "strategy_links",
        label="Link",
        heading="Links to the rest of the strategy",
        help_text="Record each link once: the page at the other end shows it too.",
    )
]
ORGANISATION_PANELS = [InlinePanel("organisation_roles", label="Organisation", heading="Organisations")]
EVIDENCE_LINK_PANELS = [
    EvidenceLinksPanel(
        "evidence_links",
        label="Finding",
        heading="Evidence behind it and against it",
        help_text="Findings that speak against the proposition belong here too: the page shows both alike.",
    )
]


class StrategyPage(EvidencedPage):
    """A page with links to the rest of the strategy and roles of organisations."""

    # A source says of the page itself what it is linked to and who does what in it, not of a copy.
    exclude_fields_in_copy = [*EvidencedPage.exclude_fields_in_copy, "strategy_links", "organisation_roles"]

    #: Tabs of the editor for pages that links are recorded on.
    link_tabs: ClassVar[list[tuple[str, list[Any]]]] = [
        ("Links", [*LINK_PANELS, *ORGANISATION_PANELS]),
        ("Figures and sources", EvidencedPage.evidence_panels),
    ]

    class Meta:
        abstract = True

    def via_pages(self) -> Iterable[Page]:
        """Pages whose links to Grand Challenges and Sector Deals count as indirect links of this page."""
        return ()

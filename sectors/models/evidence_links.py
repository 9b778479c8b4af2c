"""The line from a finding in the evidence to a proposition that answers it, or that it speaks against."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, get_form_for_model

from sectors.forms import EvidenceLinkForm
from sectors.models.links import BasisModel, basis_condition, basis_panel

__all__ = ["EVIDENCE_LINK_PANELS", "EvidenceLink"]


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
    def needs_review(self) -> bool:
        """Whether we infer the line, and nobody has checked it as it reads now."""
        return self.is_inferred and self.reviewed_on is None

    @property
    def is_challenge(self) -> bool:
        """Whether the finding speaks against the proposition."""
        return self.relation == self.Relation.CHALLENGES

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


EVIDENCE_LINK_PANELS = [
    EvidenceLinksPanel(
        "evidence_links",
        label="Finding",
        heading="Evidence behind it and against it",
        help_text="Findings that speak against the proposition belong here too: the page shows both alike.",
    )
]

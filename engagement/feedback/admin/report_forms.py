"""The forms of a report: themes and official responses."""

from typing import Any

from django import forms

from engagement.feedback.models import FeedbackRound, OfficialResponse, Outcome, Theme
from engagement.feedback.schema import proposition_key
from nelis.core.edit_conflicts import EditConflict
from sectors.models import PropositionPage, PropositionVersion

POSITION_LABEL = "Place in the list"
#: What is chosen for a proposition that a response is about, when no version of it came of that.
NO_VERSION = "about"


class RowCheckboxesField(forms.ModelMultipleChoiceField):
    """Checkboxes for rows, which refuse a key that no row can have like one that isn't there."""

    def clean(self, value: Any) -> Any:
        keys = [key for key in value if key.isdecimal() and len(key) < 19] if value else value
        if value and len(keys) < len(value):
            raise forms.ValidationError("One of them isn’t there any more: choose again")
        return super().clean(keys)


class ReportRowForm(forms.ModelForm):
    """The form for one row of a report; ``seen`` is the signature of the row when the form was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    edit_conflict: EditConflict | None = None


class ThemeForm(ReportRowForm):
    """The form for a theme: one thing that many said."""

    class Meta:
        model = Theme
        fields = ["title", "summary", "codes", "sort_order"]
        labels = {"codes": "Codes it was found under", "sort_order": POSITION_LABEL}
        help_texts = {
            "codes": "Codes below these count too. Whoever’s answers have one of them sees this theme at their receipt."
        }
        field_classes = {"codes": RowCheckboxesField}
        widgets = {"codes": forms.CheckboxSelectMultiple, "summary": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "title": {"required": "Give the theme a title"},
            "summary": {"required": "Write what many said"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes: Any = self.fields["codes"]
        codes.queryset = self.instance.round.codes.all()
        if not codes.queryset:
            del self.fields["codes"]


class OfficialResponseForm(ReportRowForm):
    """The form for an official response, with a choice for every proposition of what it has to do with it."""

    class Meta:
        model = OfficialResponse
        fields = ["you_said", "decision", "reason", "themes", "sort_order"]
        labels = {"you_said": "You said", "themes": "Themes it answers", "sort_order": POSITION_LABEL}
        field_classes = {"themes": RowCheckboxesField}
        widgets = {
            "you_said": forms.Textarea(attrs={"rows": 3}),
            "reason": forms.Textarea(attrs={"rows": 5}),
            "decision": forms.RadioSelect,
            "themes": forms.CheckboxSelectMultiple,
        }
        error_messages = {
            "you_said": {"required": "Write what was said"},
            "decision": {"required": "Choose what was decided"},
            "reason": {"required": "Write what was done, and why"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision: Any = self.fields["decision"]
        decision.choices = OfficialResponse.Decision.choices
        themes: Any = self.fields["themes"]
        themes.queryset = self.instance.round.themes.filter(corrects=None)
        if not themes.queryset:
            del self.fields["themes"]
        self.propositions = proposition_choices(self.instance.round)
        self._add_propositions()

    def _add_propositions(self) -> None:
        versions: dict[int, list[PropositionVersion]] = {}
        rows = PropositionVersion.objects.filter(proposition__in=self.propositions).defer("content")
        for version in rows.order_by("proposition", "number"):
            versions.setdefault(version.proposition_id, []).append(version)
        # A correction that nobody has begun yet starts from what is published.
        source = self.instance if self.instance.pk else self.instance.corrects
        outcomes = {outcome.proposition_id: outcome for outcome in source.outcomes.all()} if source else {}
        for page in self.propositions:
            came_of_it = [(str(version.pk), f"{version} came of it") for version in versions.get(page.pk, [])]
            outcome = outcomes.get(page.pk)
            self.fields[proposition_key(page.pk)] = forms.ChoiceField(
                label=f"{page.ref} {page.title}",
                choices=[("", "It isn’t about this one"), (NO_VERSION, "It is about this one"), *came_of_it],
                required=False,
                initial="" if outcome is None else str(outcome.version_id or NO_VERSION),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a version that came of anything but a change."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") and cleaned["decision"] != OfficialResponse.Decision.CHANGED:
            for page in self.propositions:
                if cleaned.get(proposition_key(page.pk)) not in ("", NO_VERSION, None):
                    self.add_error(
                        proposition_key(page.pk), "A version can only have come of it where something was changed"
                    )
        return cleaned

    def save(self, commit: bool = True) -> OfficialResponse:
        """Save the response, and the propositions it is about in the place of those it was about before."""
        response: OfficialResponse = super().save(commit)
        response.outcomes.all().delete()
        for page in self.propositions:
            if chosen := self.cleaned_data.get(proposition_key(page.pk)):
                version = None if chosen == NO_VERSION else int(chosen)
                Outcome.objects.create(official_response=response, proposition=page, version_id=version)
        return response


def proposition_choices(round_: FeedbackRound) -> list[PropositionPage]:
    """List the propositions that a response may be about: those the round asked about first, then all that are live."""
    positions: dict[int, int] = {}
    for version in round_.forms.order_by("number"):
        for rated in version.schema.propositions():
            positions.setdefault(rated.proposition, len(positions))
    pages = PropositionPage.objects.live() | PropositionPage.objects.filter(pk__in=positions)
    return sorted(pages.distinct(), key=lambda page: (positions.get(page.pk, len(positions)), page.path))

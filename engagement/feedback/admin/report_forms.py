"""The forms of the reporting desk."""

from typing import Any

from django import forms

from engagement.feedback.models import FeedbackRound, OfficialResponse, Outcome, Theme
from sectors.models import PropositionPage, PropositionVersion

__all__ = ["OfficialResponseForm", "ThemeForm"]

POSITION_LABEL = "Place in the list"
#: What is chosen for a proposition that a response is about, when no version of it came of that.
NO_VERSION = "about"


class RowCheckboxesField(forms.ModelMultipleChoiceField):
    """Boxes for rows. A key that no row can have is one that isn't there, like any other."""

    def clean(self, value: Any) -> Any:
        keys = [one for one in value or [] if one.isdecimal() and len(one) < 19] if value else value
        if value and len(keys) < len(value):
            raise forms.ValidationError("One of them isn’t there any more: choose again")
        return super().clean(keys)


class ReportRowForm(forms.ModelForm):
    """What a theme and a response have in common: ``seen`` is what the row said when the form was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def changed_meanwhile(self, now: str) -> None:
        """Say that somebody else has changed it. What was typed stays; sent again, it takes the place of ``now``."""
        self.add_error(
            None,
            "A colleague changed this, or published it, after you opened it. What you typed is still below. Look at "
            "how it stands now, in the preview of the results page; if you save again, yours takes its place.",
        )
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("seen")] = now
        self.data = data


class ThemeForm(ReportRowForm):
    """One thing that many said."""

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
    """You said, we did: with a choice for every proposition, of what it has to do with it."""

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
        about = self.instance if self.instance.pk else self.instance.corrects
        known = {one.proposition_id: one for one in about.outcomes.all()} if about else {}
        for page in self.propositions:
            came = [(str(one.pk), f"{one} came of it") for one in versions.get(page.pk, [])]
            before = known.get(page.pk)
            self.fields[f"p{page.pk}"] = forms.ChoiceField(
                label=f"{page.ref} {page.title}",
                choices=[("", "It isn’t about this one"), (NO_VERSION, "It is about this one"), *came],
                required=False,
                initial="" if before is None else str(before.version_id or NO_VERSION),
            )

    def clean(self) -> dict[str, Any]:
        """Everything together: a version comes of a change, and of nothing else."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") and cleaned["decision"] != OfficialResponse.Decision.CHANGED:
            for page in self.propositions:
                if cleaned.get(f"p{page.pk}") not in ("", NO_VERSION, None):
                    self.add_error(f"p{page.pk}", "A version can only have come of it where something was changed")
        return cleaned

    def save(self, commit: bool = True) -> OfficialResponse:
        """The response, with the propositions it is about in the place of those it was about before."""
        saved: OfficialResponse = super().save(commit)
        saved.outcomes.all().delete()
        for page in self.propositions:
            if chosen := self.cleaned_data.get(f"p{page.pk}"):
                version = None if chosen == NO_VERSION else int(chosen)
                Outcome.objects.create(official_response=saved, proposition=page, version_id=version)
        return saved


def proposition_choices(feedback_round: FeedbackRound) -> list[PropositionPage]:
    """The propositions that a response may be about: those the round asked about first, then all that are live."""
    asked: dict[int, int] = {}
    for form in feedback_round.forms.order_by("number"):
        for rated in form.form.rated():
            asked.setdefault(rated.proposition, len(asked))
    found = PropositionPage.objects.live() | PropositionPage.objects.filter(pk__in=asked)
    return sorted(found.distinct(), key=lambda page: (asked.get(page.pk, len(asked)), page.path))

"""Forms of an import: the file, what it leaves open, and what is said of the release."""

from collections.abc import Sequence
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from nelis.evidence.imports.decoding import MAX_BYTES
from nelis.evidence.imports.periods import parse_period
from nelis.evidence.imports.problems import Code
from nelis.evidence.imports.reading import Group, Reading
from nelis.evidence.models import GeoArea, Indicator, Source

LEAVE_OUT = "-"
#: More kinds of figures than this aren't asked about one by one: one of them is chosen.
_ASKED_SINGLY = 12


class FileForm(forms.Form):
    """The file to read."""

    file = forms.FileField(
        label="File",
        help_text="CSV from Nomis, from the Office for National Statistics or from a spreadsheet; at most 10 MB and "
        "200,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                "The file is larger than 10 MB. Choose fewer areas or years where you download it."
            )
        return file


class QuestionsForm(forms.Form):
    """What a file doesn't say: which indicator its figures are, which area, which period."""

    def __init__(self, reading: Reading, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unknown = [group for group in reading.groups.values() if group.indicator is None and not group.left_out]
        asked = {problem.code for problem in reading.problems.questions}
        if Code.WHICH_INDICATOR in asked:
            self._ask_indicators(self.unknown)
        if Code.WHICH_AREA in asked:
            self.fields["area"] = forms.ModelChoiceField(
                GeoArea.objects.all(),
                to_field_name="code",
                label="Which area is it?",
                empty_label="Choose one",
                error_messages={"required": "Choose the area."},
            )
        if Code.WHICH_PERIOD in asked:
            self.fields["period"] = forms.CharField(
                label="Which period is it?",
                max_length=60,
                help_text="As the source writes it, such as 2022, 2018/19 or Jan 2022-Dec 2022.",
                error_messages={"required": "Enter the period."},
            )

    def _ask_indicators(self, groups: Sequence[Group]) -> None:
        indicators = [(indicator.code, indicator.name) for indicator in Indicator.objects.all()]
        if len(groups) > _ASKED_SINGLY:
            self.fields["figure"] = forms.ChoiceField(
                choices=[("", "Choose one"), *((str(group.number), group.label) for group in groups)],
                label=f"Which of the {len(groups):,} figures of this file is to be imported?",
                help_text="The others are left out.",
                error_messages={"required": "Choose the figure."},
            )
            self.fields["indicator"] = forms.ChoiceField(
                choices=[("", "Choose one"), *indicators],
                label="Which indicator is it?",
                error_messages={"required": "Choose the indicator."},
            )
            return
        for group in groups:
            self.fields[f"figure-{group.number}"] = forms.ChoiceField(
                choices=[("", "Choose one"), *indicators, (LEAVE_OUT, "None of these: leave it out")],
                label=f"Which indicator is “{group.label}”?",
                help_text=f"{group.count:,} values",
                error_messages={"required": "Choose the indicator, or leave the figure out."},
            )

    def clean_period(self) -> str:
        period: str = self.cleaned_data["period"]
        if parse_period(period) is None:
            raise forms.ValidationError(
                "That isn’t a period that can be read. Write it like 2018, 2018/19, Jun-18 or Apr 2013-Mar 2014."
            )
        return period

    def answers(self) -> dict[str, Any]:
        """What was answered, as choices for reading the file."""
        answered: dict[str, Any] = {"indicators": {}}
        for group in self.unknown:
            code = self.cleaned_data.get(f"figure-{group.number}")
            if "figure" in self.fields:
                is_chosen = self.cleaned_data["figure"] == str(group.number)
                code = self.cleaned_data["indicator"] if is_chosen else LEAVE_OUT
            if code:
                answered["indicators"][group.label] = "" if code == LEAVE_OUT else code
        if "area" in self.fields:
            answered["area"] = self.cleaned_data["area"].code
        if "period" in self.fields:
            answered["period"] = self.cleaned_data["period"]
        return answered


class ReleaseForm(forms.Form):
    """What is said of a release, and of what was seen of it."""

    label = forms.CharField(
        label="Name of the release",
        max_length=200,
        help_text="As readers see it, such as “Nomis, 24 April 2023”.",
        error_messages={"required": "Give the release a name."},
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label="Publication",
        empty_label="Choose one",
        help_text="The source that gives these figures. Add it to the sources first if it isn’t among them.",
        error_messages={"required": "Choose the publication."},
    )
    released_on = forms.DateField(
        label="Day it came out",
        required=False,
        widget=AdminDateInput,
        help_text="Later releases take the place of earlier ones. Empty if nobody knows: it then counts as the oldest.",
        error_messages={"invalid": "Enter a day such as 2024-06-17."},
    )
    note = forms.CharField(
        label="Caveat",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Shown to readers with its figures.",
    )
    signature = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class WithdrawalForm(forms.Form):
    """Why a release is withdrawn."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see this.",
        error_messages={"required": "Say why it is withdrawn."},
    )

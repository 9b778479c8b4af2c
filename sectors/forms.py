"""Forms of the editor that do more than take down what is typed."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from nelis.core.dates import partial_date


class EvidenceLinkForm(WagtailAdminModelForm):
    """A line from a finding to a proposition. Takes down who checked it and when, in the person's own session.

    A check is of the line as it read then: when its words change it is lost, unless it is checked again in the
    same saving.
    """

    #: What a check is of.
    CHECKED_WORDS = frozenset({"finding", "relation", "basis", "confidence", "rationale"})

    checked = forms.BooleanField(
        required=False,
        label="I have checked this line",
        help_text="Not checked yet. Tick when you have read the finding and the proposition and agree with our reason.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.reviewed_on:
            who = f" by {self.instance.reviewed_by}" if self.instance.reviewed_by else ""
            self.fields["checked"].help_text = (
                f"Checked on {partial_date(self.instance.reviewed_on)}{who}. The check is lost when the line is "
                "changed. Tick to check it again today."
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("checked") and values.get("basis") == "stated":
            self.add_error("checked", "A source states this line: only what we infer needs a check. Untick it.")
        return values

    def save(self, commit: bool = True) -> Any:
        """The line, with or without its check."""
        if self.cleaned_data.get("checked"):
            self.instance.reviewed_on = timezone.localdate()
            self.instance.reviewed_by = self.for_user
        elif self.CHECKED_WORDS.intersection(self.changed_data):
            self.instance.reviewed_on = self.instance.reviewed_by = None
        return super().save(commit=commit)

"""What people may say about themselves. Nothing of it is asked for before the answers, and nothing is required."""

from functools import cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from engagement.feedback.answering import MOST_AT_A_TABLE
from engagement.feedback.models import Respondent
from engagement.post.fields import MailAddressField

__all__ = ["RespondentForm", "TableForm"]


class RespondentForm(forms.ModelForm):
    """Who answers, in what capacity, and the two consents, which are separate and unticked."""

    address = MailAddressField(
        label="Email address",
        required=False,
        help_text="Only if you want to hear what came of your answers.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "in"}),
    )

    class Meta:
        model = Respondent
        fields = ["capacity", "name", "organisation", "role", "address", "attended", "may_contact", "may_quote"]
        labels = {
            "capacity": "You answer",
            "role": "Your role there",
            "attended": "I was at the event",
            "may_contact": "You may write to me about my answers and what came of them",
            "may_quote": "You may quote my answers with my name and organisation",
        }
        widgets = {
            "capacity": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "name", "class": "in"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization", "class": "in"}),
            "role": forms.TextInput(attrs={"autocomplete": "organization-title", "class": "in"}),
            "attended": forms.CheckboxInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        capacity: Any = self.fields["capacity"]
        capacity.choices = Respondent.Capacity.choices

    @property
    def fields_html(self) -> SafeString:
        """All of it. Before anything is filled in it is the same for everybody, and drawn once."""
        return _drawn(self) if self.is_bound or self.instance.pk else _drawn_empty()

    def clean(self) -> dict[str, Any]:
        """Everything together: who may be written to has said where."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("may_contact") and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter your email address, or take the tick from “You may write to me”")
        return cleaned


def _drawn(form: RespondentForm) -> SafeString:
    return render_to_string("feedback/about_you_fields.html", {"form": form})


@cache
def _drawn_empty() -> SafeString:
    return _drawn(RespondentForm())


class TableForm(forms.Form):
    """How many people sit at the table that somebody writes for."""

    people = forms.IntegerField(
        label="How many people are at the table, you among them?",
        min_value=2,
        max_value=MOST_AT_A_TABLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "in short"}),
        help_text=f"From 2 to {MOST_AT_A_TABLE}.",
        error_messages={
            "required": "Enter how many people are at the table",
            "invalid": "Enter a whole number, such as 8",
            "min_value": "Enter 2 or more. To answer for yourself alone, use the link below",
            "max_value": f"Enter {MOST_AT_A_TABLE} or fewer. More people write for themselves, or at two tables",
        },
    )

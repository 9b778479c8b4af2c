"""The forms about the respondent and about the size of a table. They come after the answers; nothing is required."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from engagement.feedback.models import Respondent
from engagement.feedback.responses.parsing import clean_text
from engagement.feedback.responses.submissions import MAX_TABLE_SIZE
from engagement.mail.fields import EmailAddressField

__all__ = ["RespondentForm", "TableForm"]

YES_OR_NO = (("True", "Yes"), ("False", "No"))
#: Beside the sectors of the strategy.
OTHER_SECTORS = ("Another sector", "No sector")


class CleanedCharField(forms.CharField):
    """One line of text, cleaned like the answers (``clean_text``)."""

    def to_python(self, value: Any) -> str:
        return super().to_python(" ".join(clean_text(str(value or "")).split())) or ""


class RespondentForm(forms.ModelForm):
    """Who answers, in what capacity, and the two consents, which are separate and unticked.

    ``sectors`` are those to choose from, in the words of the form that is answered (``Form.sectors``). Who was at the
    event is asked where there is one (``at_event``), and not known of those who say neither.
    """

    address = EmailAddressField(
        label="Email address",
        required=False,
        help_text="Only if you want to hear that your answers have arrived, and what came of them.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "in"}),
    )

    sector = forms.ChoiceField(
        label="Sector you work in", required=False, widget=forms.Select(attrs={"class": "in", "autocomplete": "off"})
    )

    attended = forms.TypedChoiceField(
        label="Were you at the event?",
        required=False,
        choices=YES_OR_NO,
        coerce=lambda said: said == "True",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Respondent
        fields = [
            *("capacity", "name", "organisation", "role", "sector", "area", "address"),
            *("attended", "may_contact", "may_quote"),
        ]
        field_classes = dict.fromkeys(("name", "organisation", "role", "area"), CleanedCharField)
        labels = {
            "capacity": "Who are you answering for?",
            "role": "Your role there",
            "area": "Place you live or work in",
            "may_contact": "You may write to me about my answers and what came of them",
            "may_quote": "You may quote my answers with my name and organisation",
        }
        help_texts = {"area": "A town or a council’s area is enough."}
        widgets = {
            "capacity": forms.RadioSelect,
            "area": forms.TextInput(attrs={"autocomplete": "address-level2", "class": "in", "dir": "auto"}),
            "name": forms.TextInput(attrs={"autocomplete": "name", "class": "in", "dir": "auto"}),
            "organisation": forms.TextInput(attrs={"autocomplete": "organization", "class": "in", "dir": "auto"}),
            "role": forms.TextInput(attrs={"autocomplete": "organization-title", "class": "in", "dir": "auto"}),
        }

    def __init__(self, *args: Any, sectors: Sequence[str] = (), at_event: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_event:
            del self.fields["attended"]
        self.at_event = at_event
        capacity: Any = self.fields["capacity"]
        capacity.choices = Respondent.Capacity.choices
        sector: Any = self.fields["sector"]
        # Whoever chose one that the strategy has no more keeps it.
        words = dict.fromkeys([*sectors, *OTHER_SECTORS, *filter(None, [self.instance.sector])])
        sector.choices = [("", "Not said"), *((word, word) for word in words)]
        self.sectors = tuple(sectors)

    @property
    def fields_html(self) -> SafeString:
        """The rendered fields. Before anything is filled in they are the same for everybody, and rendered once."""
        return _drawn(self) if self.is_bound or self.instance.pk else _drawn_empty(self.sectors, self.at_event)

    def add_conflicts(self, conflicts: Mapping[str, str]) -> None:
        """Say beside each field what was saved in it, in another tab, since the page was shown."""
        for name, saved in conflicts.items():
            said = saved.removesuffix(" True") if name == "address" else dict(YES_OR_NO).get(saved, saved)
            if name == "capacity":
                said = dict(Respondent.Capacity.choices).get(saved, saved)
            before = f"“{said}” was saved" if said else "This was emptied"
            self.add_error(name, f"{before} in another tab or on another device. Continue to save what stands here")

    def clean(self) -> dict[str, Any]:
        """Require an email address from those who may be written to."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("may_contact") and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter your email address, or take the tick from “You may write to me”")
        return cleaned


def _drawn(form: RespondentForm) -> SafeString:
    return render_to_string("feedback/about_you_fields.html", {"form": form})


@lru_cache(maxsize=64)
def _drawn_empty(sectors: tuple[str, ...], at_event: bool) -> SafeString:
    return _drawn(RespondentForm(sectors=sectors, at_event=at_event))


class TableForm(forms.Form):
    """How many people sit at the table that somebody writes for."""

    people = forms.IntegerField(
        label="How many people are at the table, you among them?",
        min_value=2,
        max_value=MAX_TABLE_SIZE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "in short"}),
        help_text=f"From 2 to {MAX_TABLE_SIZE}.",
        error_messages={
            "required": "Enter how many people are at the table",
            "invalid": "Enter a whole number, such as 8",
            "min_value": "Enter 2 or more. To answer for yourself alone, use the link below",
            "max_value": f"Enter {MAX_TABLE_SIZE} or fewer. More people write for themselves, or at two tables",
        },
    )

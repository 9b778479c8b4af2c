"""The public forms of the mailing list."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from engagement.mail.addresses import address_hash
from engagement.mail.fields import EmailAddressField
from engagement.mailing_list.models import Frequency, Subscription, Topic
from engagement.mailing_list.subscription_service import Preferences

#: What somebody typed is shown again, but not a megabyte of it.
MAX_INPUT_LENGTH = 1000


def truncated(data: QueryDict) -> QueryDict:
    """``data`` with every value cut to a length that a page can show again."""
    fields = QueryDict(mutable=True)
    for name, values in list(data.lists())[:50]:
        fields.setlist(name[:100], [value[:MAX_INPUT_LENGTH] for value in values[:200]])
    return fields


class FirstOptionLabelMixin:
    """Label a group of controls by the first of them, which is where an error message about the group leads."""

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_{index or 0}"


class Checkboxes(FirstOptionLabelMixin, forms.CheckboxSelectMultiple):
    """Checkboxes."""


class RadioButtons(FirstOptionLabelMixin, forms.RadioSelect):
    """Radio buttons."""


class OptionalLineField(forms.CharField):
    """One optional line of text. Its error messages name it by its label."""

    def __init__(self, label: str, max_length: int) -> None:
        super().__init__(label=label, required=False)
        self.max_length, self.validators = max_length, []

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if len(text) > (self.max_length or 0):
            raise forms.ValidationError(f"Shorten {self.label} to {self.max_length} characters or fewer")
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise forms.ValidationError(f"Take the control characters out of {self.label}")
        return text


@dataclass(frozen=True, slots=True)
class TopicOption:
    """One checkbox: its topic, whether it is ticked, and its position among all checkboxes."""

    topic: Topic
    checked: bool
    number: int


@dataclass(frozen=True, slots=True)
class TopicGroup:
    """Some checkboxes under a heading. With ``folds`` they are shown on request."""

    label: str
    options: list[TopicOption]
    folds: bool = False

    @property
    def open(self) -> bool:
        """Whether one of them is ticked, and they must not be hidden."""
        return any(option.checked for option in self.options)


class PreferencesForm(forms.Form):
    """What somebody wants to hear about, and how often."""

    topics = forms.MultipleChoiceField(
        label="What to hear about",
        widget=Checkboxes,
        error_messages={
            "required": "Choose at least one thing to hear about",
            "invalid_choice": "Choose from the topics on this page: one of those sent in is not offered",
        },
    )
    frequency = forms.ChoiceField(
        label="How often",
        choices=Frequency.choices,
        widget=RadioButtons,
        error_messages={
            "required": "Choose how often you want to hear from us",
            "invalid_choice": "Choose how often from the three on this page",
        },
    )

    def __init__(self, topics: Iterable[Topic], *args: Any, first: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {topic.slug: topic for topic in topics}
        self.first = self.offered.get(first)
        self.fields["topics"].choices = [(slug, topic.name) for slug, topic in self.offered.items()]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[TopicGroup]:
        """The checkboxes by group, with the topic that the visitor came from first, and none twice."""
        ticked = self["topics"].value() or []
        ordered = sorted(self.offered.values(), key=lambda topic: topic is not self.first)
        numbers = {topic: number for number, topic in enumerate(ordered)}
        options = [TopicOption(topic, topic.slug in ticked, numbers[topic]) for topic in ordered]
        groups = [TopicGroup("The page you came from", options[:1])] if self.first else []
        rest = options[1:] if self.first else options
        for group in Topic.Group:
            mine = [option for option in rest if option.topic.group == group]
            if mine:
                groups.append(TopicGroup(str(group.label), mine, folds=group == Topic.Group.PROPOSITION))
        return groups

    @property
    def preferences(self) -> Preferences:
        """What was chosen. Only for a valid form."""
        return Preferences([self.offered[slug] for slug in self.cleaned_data["topics"]], self.cleaned_data["frequency"])


class HoneypotForm(forms.Form):
    """A form with a field that only machines fill in."""

    #: No person sees it. It is named like nothing that a browser fills in by itself.
    trap = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("trap"):
            raise forms.ValidationError("This looked as if a machine had filled it in. Send it once more.")
        return cleaned


class AddressForm(HoneypotForm):
    """An address alone."""

    address = EmailAddressField(label="Email address", error_messages={"required": "Enter your email address"})


class NewAddressForm(AddressForm):
    """Another address for a subscription."""

    def __init__(self, subscription: Subscription, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "new_%s")
        super().__init__(*args, **kwargs)
        self.current_hash = subscription.address_hash

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address_hash(address) == self.current_hash:
            raise forms.ValidationError("We write to this address already. Enter the new one")
        return address


class SignupForm(AddressForm, PreferencesForm):
    """Everything that signing up takes."""

    name = OptionalLineField("your name", 120)
    organisation = OptionalLineField("your organisation", 160)

    field_order = ["address", "name", "organisation", "topics", "frequency", "trap"]


def months_from_today(months: int) -> date:
    """The day so many months from today, or the last day of that month where it has no such day."""
    today = timezone.localdate()
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


class PauseForm(forms.Form):
    """How long to pause."""

    LONGEST_MONTHS = 12
    BY_DATE = "date"

    how_long = forms.ChoiceField(
        label="How long",
        choices=[("1", "1 month"), ("3", "3 months"), ("6", "6 months"), (BY_DATE, "Until a day I choose")],
        widget=RadioButtons,
        error_messages={"required": "Choose how long to pause", "invalid_choice": "Choose one of the four"},
    )
    day = forms.DateField(
        label="The day your emails go on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a date, such as 31/01/2030"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("how_long") == self.BY_DATE and "day" in cleaned:
            if cleaned["day"] is None:
                self.add_error("day", "Enter the day your emails should go on")
            elif not timezone.localdate() < cleaned["day"] <= months_from_today(self.LONGEST_MONTHS):
                self.add_error("day", "Choose a day after today and within a year")
        return cleaned

    @property
    def until(self) -> date:
        """The day on which emails go on. Only for a valid form."""
        how_long: str = self.cleaned_data["how_long"]
        day: date = self.cleaned_data["day"] if how_long == self.BY_DATE else months_from_today(int(how_long))
        return day

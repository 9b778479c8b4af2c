"""The forms of staff for the mailing list."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from engagement.mail.fields import EmailAddressField
from engagement.mailing_list.importing import MAX_BYTES, MAX_ROWS
from engagement.mailing_list.models import Frequency, Topic
from engagement.mailing_list.subscription_service import Preferences

MAX_PAUSE = timedelta(days=366)
NO_PERSONAL_DATA = "It is kept for good: write no name and no address into it."


class StaffForm(forms.Form):
    """A form without the browser's own validation: its messages stand beside the fields."""

    use_required_attribute = False


class AddressField(EmailAddressField):
    """An email address that staff type in: no browser remembers it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, error_messages={"required": "Enter the email address"}, **kwargs)
        self.widget.attrs.update(autocomplete="off", spellcheck="false")


def validate_not_in_future(day: date) -> None:
    """Refuse a day that is still to come."""
    if day > timezone.localdate():
        raise forms.ValidationError("Enter a day that is not in the future")


class ReasonForm(StaffForm):
    """The reason for an action."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text=NO_PERSONAL_DATA,
        error_messages={"required": "Say why"},
    )


class PauseForm(ReasonForm):
    """Until when to pause, and why."""

    until = forms.DateField(
        label="Until", widget=AdminDateInput, error_messages={"required": "Say until when nothing is to be sent"}
    )
    field_order = ["until", "reason"]

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today < until <= today + MAX_PAUSE:
            raise forms.ValidationError("Enter a day from tomorrow to a year from now")
        return until


class EraseForm(ReasonForm):
    """The reason, and a box to tick before what can't be undone."""

    sure = forms.BooleanField(
        label="Delete what names this person. It can’t be undone",
        error_messages={"required": "Tick the box if everything is to be deleted"},
    )


class AddressForm(StaffForm):
    """An address."""

    address = AddressField(label="Email address")


class AddressReasonForm(ReasonForm):
    """An address, and the reason."""

    address = AddressField(label="Email address")
    field_order = ["address", "reason"]


class AddSubscriberForm(StaffForm):
    """Somebody who agreed on paper."""

    address = AddressField(label="Email address")
    name = forms.CharField(label="Name, if given", max_length=120, required=False)
    organisation = forms.CharField(label="Organisation, if given", max_length=160, required=False)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        label="What they want to hear about",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one topic"},
    )
    frequency = forms.ChoiceField(
        label="How often",
        choices=Frequency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how often"},
    )
    consent_date = forms.DateField(
        label="Day on the form",
        widget=AdminDateInput,
        validators=[validate_not_in_future],
        error_messages={"required": "Enter the day on the form"},
    )
    evidence = forms.CharField(
        label="Where the form is kept",
        max_length=180,
        help_text=f"Such as “Folder M12, sheet 40”. {NO_PERSONAL_DATA}",
        error_messages={"required": "Say where the form is kept"},
    )

    @property
    def preferences(self) -> Preferences:
        """What was chosen. Only for a valid form."""
        return Preferences(list(self.cleaned_data["topics"]), self.cleaned_data["frequency"])


class UploadForm(StaffForm):
    """A list to import."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"In UTF-8, with at most {MAX_ROWS:,} rows and {MAX_BYTES // 1024 // 1024} MB. Divide a longer list.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        max_length=200,
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another"},
    )

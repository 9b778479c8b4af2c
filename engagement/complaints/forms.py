"""The public form for a complaint, and the forms of staff's actions."""

import uuid
from typing import Any

from django import forms

from engagement.mail.fields import EmailAddressField
from engagement.mailing_list.forms import HoneypotForm

MAX_TEXT_LENGTH = 5000
MAX_NAME_LENGTH = 120
KEPT_FOR_GOOD = "Only staff see it. It is kept for good: write no name and no address into it."


class ComplaintForm(HoneypotForm):
    """The complaint, and where an answer reaches whoever sends it."""

    max_text_length = MAX_TEXT_LENGTH
    text = forms.CharField(
        label="What is wrong",
        strip=True,
        error_messages={"required": "Say what is wrong with how we handle personal data"},
    )
    name = forms.CharField(label="Your name", required=False)
    address = EmailAddressField(label="Email address", required=False)
    #: Made with the empty form, so that the same form sent in twice is one complaint.
    key = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # Characters that no database takes are taken out below, not refused: this form must let everybody through.
            field.validators = []

    def clean_text(self) -> str:
        text = _without_control_characters(self.cleaned_data["text"], keep="\n\t").replace("\r", "").strip()
        if not text:
            raise forms.ValidationError("Say what is wrong with how we handle personal data")
        if len(text) > MAX_TEXT_LENGTH:
            raise forms.ValidationError(
                f"Shorten this to {MAX_TEXT_LENGTH:,} characters or fewer. It has {len(text):,}"
            )
        return text

    def clean_name(self) -> str:
        name = _without_control_characters(self.cleaned_data["name"]).strip()
        if len(name) > MAX_NAME_LENGTH:
            raise forms.ValidationError(f"Shorten your name to {MAX_NAME_LENGTH} characters or fewer")
        return name

    def clean_key(self) -> uuid.UUID | None:
        """The key, or none: a broken one refuses nobody."""
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return None


def _without_control_characters(text: str, keep: str = "") -> str:
    """``text`` without characters that no database or no page takes."""
    return "".join(
        character
        for character in text
        if character in keep or (character >= " " and character != "\x7f" and not "\ud800" <= character <= "\udfff")
    )


class NoteForm(forms.Form):
    """A note on what was done."""

    use_required_attribute = False
    note = forms.CharField(
        label="Note", max_length=300, help_text=KEPT_FOR_GOOD, error_messages={"required": "Write a note"}
    )


class AcknowledgeForm(forms.Form):
    """An acknowledgement."""

    use_required_attribute = False
    note = forms.CharField(label="Note for colleagues, if any", max_length=300, required=False, help_text=KEPT_FOR_GOOD)


class DiscardForm(NoteForm):
    """A note on why a flood is discarded. ``last`` is the key of the newest complaint that staff were shown."""

    last = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)


class AnswerForm(AcknowledgeForm):
    """An answer."""

    outcome = forms.CharField(
        label="Answer",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Goes to whoever complained, as it stands here, if they gave an address.",
        error_messages={"required": "Write the answer"},
    )
    field_order = ["outcome", "note"]

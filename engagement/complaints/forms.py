"""The public form."""

import uuid
from typing import Any

from django import forms

from engagement.mail.fields import EmailAddressField

__all__ = ["ComplaintForm"]

MAX_TEXT_LENGTH = 5000


class ComplaintForm(forms.Form):
    """What somebody complains of, and where an answer reaches them."""

    text = forms.CharField(
        label="What is wrong",
        strip=True,
        error_messages={"required": "Say what is wrong with how we handle personal data"},
    )
    name = forms.CharField(label="Your name", required=False)
    address = EmailAddressField(label="Email address", required=False)
    #: Made with the empty form, so that the same form sent in twice is one complaint.
    key = forms.CharField(required=False)
    #: No person sees it. It is named like nothing that a browser fills in by itself.
    trap = forms.CharField(required=False)

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
        if len(name) > 120:
            raise forms.ValidationError("Shorten your name to 120 characters or fewer")
        return name

    def clean_key(self) -> uuid.UUID | None:
        """The key, or none: a broken one refuses nobody."""
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("trap"):
            raise forms.ValidationError("This looked as if a machine had filled it in. Send it once more.")
        return cleaned


def _without_control_characters(text: str, keep: str = "") -> str:
    """Without characters that no database or no page takes."""
    return "".join(
        one for one in text if (one >= " " and one != "\x7f" and not "\ud800" <= one <= "\udfff") or one in keep
    )

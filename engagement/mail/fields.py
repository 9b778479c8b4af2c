"""The form field for email addresses."""

from typing import Any

from django import forms

from engagement.mail.addresses import clean_address

__all__ = ["MAX_ADDRESS_LENGTH", "EmailAddressField"]

MAX_ADDRESS_LENGTH = 254


class EmailAddressField(forms.CharField):
    """An email address, normalised; an empty one stays empty if it isn't required."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Django's would say the same of every mistake; ours say what to do about it.
        self.validators = []

    def clean(self, value: Any) -> str:
        if len(str(value or "")) > MAX_ADDRESS_LENGTH:
            raise forms.ValidationError(f"Enter an email address of {MAX_ADDRESS_LENGTH} characters or fewer")
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return clean_address(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

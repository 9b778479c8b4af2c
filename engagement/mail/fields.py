"""A field for a mail address, for every form that asks for one."""

from typing import Any

from django import forms

from engagement.mail.addresses import clean_address

__all__ = ["MAX_ADDRESS_LENGTH", "EmailAddressField"]

MAX_ADDRESS_LENGTH = 254


class EmailAddressField(forms.CharField):
    """A mail address, in the one form we keep it in; an empty one stays empty where it isn't required."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Ours say what to do about it, and are the same for every kind of mistake with characters.
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

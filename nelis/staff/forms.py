"""Forms of signing in: codes and passkeys, limited like passwords; a new password, asked for by email."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.forms import PasswordResetForm as DjangoPasswordResetForm
from django.core.exceptions import ValidationError
from django.db import transaction

from engagement.mail.transactional import queue_notice
from nelis.staff import emails, throttling
from nelis.staff.models import FailedSignIn

__all__ = [
    "AddPasskeyForm",
    "PasskeyForm",
    "PasswordResetForm",
    "SecondFactorAgainForm",
    "SecondFactorForm",
    "SignInForm",
]


class SignInForm(LoginForm):
    """Username and password, with labels instead of words inside the boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].error_messages["required"] = "Type your username."
        self.fields["password"].error_messages["required"] = "Type your password."


class CodeMixin:
    """A code of an app, or a recovery code. Each counts once, in whichever process it arrives."""

    user: Any
    fields: dict[str, forms.Field]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = "Code"
        field.help_text = "The six digits that your app shows, or one of your recovery codes."
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"autofocus": True, "inputmode": "numeric"}
        field.error_messages["required"] = "Type the code."

    def clean_code(self) -> str:
        throttling.refuse_if_throttled(context.request, self.user.username)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # a mixin: allauth's form has it
            self.refuse_used_code(normalize_user_code(code))
        except ValidationError:
            throttling.record_failure(context.request, self.user.username, FailedSignIn.Step.SECOND_FACTOR)
            raise
        return code

    def refuse_used_code(self, code: str) -> None:
        """Refuse a code of an app that was accepted before, or is older: somebody may have watched.

        allauth remembers used codes in the memory of one process; the row is shared by all.
        """
        if self.authenticator.type != Authenticator.Type.TOTP:
            return
        secret = decrypt(self.authenticator.data["secret"])
        steps = yield_hotp_counters_from_time()
        counter = max((step for step in steps if format_hotp_value(hotp_value(secret, step)) == code), default=0)
        with transaction.atomic():
            stored = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
            if counter <= stored.data.get("last_counter", 0):
                raise get_adapter().validation_error("incorrect_code")
            stored.data["last_counter"] = counter
            stored.save(update_fields=["data"])


class SecondFactorForm(CodeMixin, AuthenticateForm):
    """The code after the password."""


class SecondFactorAgainForm(CodeMixin, ReauthenticateForm):
    """A code once more, before the second factors themselves are changed."""


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey after the password."""

    def clean_credential(self) -> Any:
        throttling.refuse_if_throttled(context.request, self.user.username)
        try:
            return super().clean_credential()
        except ValidationError:
            throttling.record_failure(context.request, self.user.username, FailedSignIn.Step.SECOND_FACTOR)
            raise


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey, with a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = "Name of the passkey"
        name.help_text = "By which you know it from others, such as the name of this computer."


class PasswordResetForm(DjangoPasswordResetForm):
    """Asks for a link to choose a new password.

    Queues an email whoever is asked about: who has the address is looked up when it is composed, so that the form takes
    the same time for a stranger.
    """

    def save(self, *args: Any, **kwargs: Any) -> None:
        queue_notice(emails.PASSWORD_RESET, self.cleaned_data["email"], every=emails.RESET_INTERVAL)

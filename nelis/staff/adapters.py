"""What allauth asks this site: who is let in, at what rate, and which second factor may go."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from engagement.mailing_list.abuse import network_of
from nelis.staff import sessions, throttling
from nelis.staff.models import FailedSignIn

__all__ = ["AccountAdapter", "SecondFactorAdapter"]

#: Where it isn't known from which network somebody comes.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing is bound to it


class AccountAdapter(DefaultAccountAdapter):
    """Passwords: limited by account and network, and of accounts that may sign in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The username or the password isn’t right.",
        "too_many_login_attempts": throttling.TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the attempt before the password is looked at."""
        throttling.refuse_if_throttled(request, credentials.get("username", ""))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return whose password this is. A locked-out account is answered like a wrong password."""
        user = super().authenticate(request, **credentials)
        if user is not None and not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttling.record_failure(request, credentials.get("username", ""), FailedSignIn.Step.PASSWORD)

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do nothing: only failures are counted."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether the password or a code is asked for again: not soon after signing in."""
        return not sessions.signed_in_recently(self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the network of the visitor, for the list of one's sessions. Whole IP addresses are not stored."""
        return network_of(request).partition("/")[0] or UNKNOWN_ADDRESS

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say nothing when somebody signs in: they see it."""
        template = kwargs.get("message_template") or (args[0] if args else "")
        if template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: the last one stays."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code isn’t right, or was used already. Type the one that the app shows now.",
        "cannot_delete_authenticator": "This is your only second factor. Set up another one first.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (settings.SECOND_FACTOR_REQUIRED and is_last)

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

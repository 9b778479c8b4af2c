"""Guard the admin: a session that ended is over, and a password alone opens nothing but the way to a second factor."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nelis.staff import sessions
from nelis.staff.kept_forms import is_keepable, keep_typed

__all__ = ["StaffSessionMiddleware"]

#: Addresses that need no session: signing in and out, a forgotten password, and what those pages load.
OPEN = (
    *("account_login", "account_logout", "wagtailadmin_login", "wagtailadmin_logout", "mfa_login_webauthn"),
    *("mfa_authenticate", "wagtailadmin_password_reset*", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"),
)
#: Where a second factor is asked for in a session that was opened without it, and where the first one is set up.
ASKED_AT = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn")
SET_UP_AT = ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate")
#: Requests that browsers send by themselves while a form is open.
UNATTENDED = "wagtailadmin_editing_sessions:*"


class StaffSessionMiddleware:
    """Must come after allauth's, and after the one that checks the CSRF token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.prefix) and request.user.is_authenticated and sessions.has_ended(request):
            logout(request)
            messages.info(request, "You were signed out: nothing was done for a while, or a working day was over.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer in the place of the view, unless the session may see it."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if not request.path_info.startswith(self.prefix) or _is_one_of(name, OPEN):
            return None
        if not request.user.is_authenticated:
            return keep_typed(request) if is_keepable(request) else None
        if not fnmatchcase(name, UNATTENDED):
            sessions.touch(request)
        if sessions.passed_second_factor(request):
            return None
        return self.ask_for_second_factor(request, name)

    def ask_for_second_factor(self, request: HttpRequest, name: str) -> HttpResponse | None:
        """Lead somebody to the second factor that they have, or to setting one up."""
        allowed: tuple[str, ...]
        if sessions.has_second_factor(request.user):
            allowed, target = ASKED_AT, "mfa_reauthenticate"
        elif settings.SECOND_FACTOR_REQUIRED:
            allowed, target = SET_UP_AT, "mfa_index"
        else:
            return None
        if name in allowed:
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        return redirect_to_login(request.get_full_path(), reverse(target))


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)

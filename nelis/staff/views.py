"""Pages of staff about their own account that are neither allauth's nor Wagtail's."""

from typing import Any

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import PasswordResetView as WagtailPasswordResetView

from nelis.staff.forms import PasswordResetForm

__all__ = ["own_sessions", "password_reset"]


class EndSessionsForm(forms.Form):
    """Which sessions to end: one, or all but this one."""

    session = forms.IntegerField(required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def save(self, request: HttpRequest) -> None:
        """End them."""
        ended = UserSession.objects.filter(user_id=request.user.pk)
        if key := self.cleaned_data["session"]:
            ended = ended.filter(pk=key)
        else:
            ended = ended.exclude(session_key=request.session.session_key)
        for session in ended:
            session.end()


class OwnSessionsView(ListUserSessionsView):
    """The sessions of whoever asks, each with a button to end it."""

    form_class = EndSessionsForm

    def form_valid(self, form: EndSessionsForm) -> HttpResponse:
        ends_this = (
            form.cleaned_data["session"]
            and UserSession.objects.filter(
                pk=form.cleaned_data["session"], session_key=self.request.session.session_key
            ).exists()
        )
        form.save(self.request)
        if ends_this:
            logout(self.request)
            return redirect("account_login")
        messages.success(self.request, "The session was ended. Whoever has it open has to sign in again.")
        return redirect("usersessions_list")


class PasswordResetView(WagtailPasswordResetView):
    """Asks by which address to send a link to choose a new password. Answers the same whether there is an account."""

    def get_form_class(self) -> type[PasswordResetForm]:
        return PasswordResetForm


own_sessions = require_admin_access(OwnSessionsView.as_view())
password_reset = PasswordResetView.as_view()

"""What administrators do about accounts beside Wagtail's forms: invite, remove a lost second factor, off-board."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page

from engagement.mail.transactional import queue_email
from nelis.core.admin.views import ActionFormView, StaffView
from nelis.core.models import User
from nelis.core.privileges import may_manage
from nelis.staff import emails, sessions
from nelis.staff.models import FailedSignIn

__all__ = ["FailedSignInsView", "InviteView", "OffBoardView", "RemoveSecondFactorView", "invite", "off_board"]

USERS = (("Users", "wagtailusers_users:index"),)


def invite(user: User) -> None:
    """Mail somebody a link with which they choose a password."""
    queue_email(emails.INVITATION, user.email, object_id=str(user.pk))


def off_board(user: User, owner: User | None = None) -> None:
    """Lock somebody out for good, in one step, and give their pages to ``owner``. Nothing that they wrote changes."""
    with transaction.atomic():
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        user.groups.clear()
        user.user_permissions.clear()
        Authenticator.objects.filter(user=user).delete()
        Page.objects.filter(locked_by=user).update(locked=False, locked_by=None, locked_at=None)
        if owner is not None:
            Page.objects.filter(owner=user).update(owner=owner)
        sessions.end_all(user)


class AccountActionView(ActionFormView):
    """An action on an account that holds nothing which the actor doesn't."""

    model = User
    permission = "core.change_user"
    breadcrumb_parents = USERS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.has_perm(self.permission) and not may_manage(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(get_user_display_name(self.object))

    def get_success_url(self) -> str:
        return reverse("wagtailusers_users:edit", args=[self.object.pk])


class ConfirmForm(forms.Form):
    """Nothing to fill in: a page asks before the button does something."""


class InviteView(AccountActionView):
    """Send the invitation again, say because its link is too old."""

    form_class = ConfirmForm
    page_title = "Invite again"
    submit_label = "Mail an invitation"
    intro = "The person gets a new link, with which they choose a password. Links in earlier mails stay as they are."
    success_message = "An invitation is on its way."
    unchanged_message = "The account is switched off, so nobody was invited."

    def perform(self, **data: Any) -> bool:
        if self.object.is_active:
            invite(self.object)
        return bool(self.object.is_active)


class RemoveSecondFactorView(AccountActionView):
    """For somebody who lost the phone and the recovery codes: they set up a new second factor at the next sign-in."""

    form_class = ConfirmForm
    page_title = "Remove the second factor"
    submit_label = "Remove the second factor"
    is_destructive = True
    intro = (
        "Do this only if you have spoken with the person and know their voice or face: whoever knows the password can "
        "then set up a second factor of their own. All sessions of the account end."
    )
    success_message = "The second factor is removed. The next sign-in asks to set up a new one."
    unchanged_message = "There was no second factor."

    def perform(self, **data: Any) -> bool:
        deleted, _ = Authenticator.objects.filter(user=self.object).delete()
        sessions.end_all(self.object)
        return bool(deleted)


class OffBoardForm(forms.Form):
    """To whom the pages of somebody who leaves go."""

    owner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="Who owns their pages from now on",
        help_text="Leave empty to change no page.",
    )

    def __init__(self, *args: Any, owners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = get_user_display_name  # type: ignore[attr-defined]


class OffBoardView(AccountActionView):
    """Everything to be done when somebody leaves."""

    form_class = OffBoardForm
    page_title = "Off-board"
    submit_label = "Off-board this person"
    is_destructive = True
    intro = (
        "The account is switched off, all its sessions end, and its password, second factors, groups and locks go. "
        "What the person wrote stays, under their name."
    )
    success_message = "The person is off-boarded: the account opens nothing any more."
    unchanged_message = "You can’t off-board yourself."

    def get_form_kwargs(self) -> dict[str, Any]:
        owners = User.objects.filter(is_active=True).exclude(pk=self.object.pk).order_by("last_name", "username")
        return super().get_form_kwargs() | {"owners": owners}

    def perform(self, **data: Any) -> bool:
        if self.object == self.request.user:
            return False
        off_board(self.object, data["owner"])
        return True


class FailedSignInsView(StaffView):
    """Wrong passwords and codes of the last month, newest first."""

    permission = "core.change_user"
    template_name = "admin/staff/failed_sign_ins.html"
    page_title = "Failed sign-ins"
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        failures = FailedSignIn.objects.select_related("account").order_by("-at", "-pk")
        page = Paginator(failures, 50).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {"failures": page}

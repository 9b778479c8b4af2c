"""Emails to staff: invitations, new passwords, reviews that were ended. Links are made when they are sent."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.models import WorkflowState

from engagement.mail.message import Message, Skip
from engagement.mail.models import TransactionalEmail
from engagement.mail.render import automatic_message
from engagement.mail.transactional import composer
from nelis.core.site_address import absolute_url
from nelis.staff.dashboard.parts import edit_url

__all__ = ["INVITATION", "PASSWORD_RESET", "RESET_INTERVAL", "REVIEW_ENDED"]

INVITATION, PASSWORD_RESET, REVIEW_ENDED = "staff-invitation", "staff-password-reset", "staff-review-ended"
#: Nobody is written to more often, however often somebody types their address.
RESET_INTERVAL = timedelta(minutes=10)


@composer(INVITATION)
def invitation(email: TransactionalEmail) -> Message | Skip:
    """Invite somebody for whom an account was made to choose a password."""
    user = get_user_model().objects.filter(pk=email.object_id, is_active=True).first()
    if user is None or user.email != email.address:
        return Skip("gone")
    return _with_link(user, "staff_invitation", f"Your account for the {settings.SITE_NAME}", "Choose a password")


@composer(PASSWORD_RESET)
def password_reset(email: TransactionalEmail) -> Message | Skip:
    """Send a link to choose a new password to whoever has an account under the address; nothing to others."""
    accounts = get_user_model().objects.filter(email__iexact=email.address, is_active=True).order_by("pk")
    user = accounts.first() if email.address else None
    if user is None:
        return Skip("nobody")
    return _with_link(user, "staff_password_reset", "Choose a new password", "Choose a new password")


@composer(REVIEW_ENDED)
def review_ended(email: TransactionalEmail) -> Message | Skip:
    """Tell whoever handed something in that its review was ended, by whom and why."""
    state = WorkflowState.objects.filter(pk=email.object_id).first()
    obj = state.content_object if state else None
    if obj is None or not email.address:
        return Skip("gone")
    context = {
        **{name: email.data[name] for name in ("by", "reason")},
        "title": str(obj),
        "link": absolute_url(edit_url(obj)),
        "label": "Open the draft",
    }
    return automatic_message(email.address, f"The review was ended: {obj}", "staff_review_ended", context)


def _with_link(user: Any, template: str, subject: str, label: str) -> Message:
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("wagtailadmin_password_reset_confirm", args=[key, default_token_generator.make_token(user)])
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    context = {"user": user, "link": absolute_url(path), "label": label, "days": days}
    return automatic_message(user.email, subject, template, context)

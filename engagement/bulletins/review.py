"""Who wrote a bulletin, who may approve it, and the emails to both, as pages send them."""

from typing import Any

from engagement.bulletins.models import Bulletin, BulletinEvent
from engagement.mail.transactional import queue_email, staff_with_permission
from nelis.core.models import User

__all__ = [
    "APPROVE",
    "AUTHORING_ACTIONS",
    "REVIEWED",
    "SUBMITTED",
    "authors",
    "notify_author",
    "notify_reviewers",
    "reviewers",
]

APPROVE = "bulletins.approve_bulletin"
#: Kinds of email: to those who may approve it, and to whoever handed it in.
SUBMITTED, REVIEWED = "bulletin-submitted", "bulletin-reviewed"
#: Events that make somebody an author of what is approved next.
AUTHORING_ACTIONS = ("created", "edited")


def authors(bulletin: Bulletin) -> set[int]:
    """Return the keys of those who wrote or edited it since the last approval that still stands, or ever if none does.

    Giving it back ends the approvals before it. Otherwise its author could approve the same words again, with the
    figures and changes of another day.
    """
    events = BulletinEvent.objects.filter(bulletin=bulletin)
    judged = events.filter(action__in=("approved", "given_back")).order_by("-pk").values_list("pk", "action").first()
    since = judged[0] if judged and judged[1] == "approved" else 0
    edits = events.filter(action__in=AUTHORING_ACTIONS, pk__gt=since, by__isnull=False)
    found = set(edits.values_list("by", flat=True))
    if not since and bulletin.author_id:
        found.add(bulletin.author_id)
    return found


def reviewers(bulletin: Bulletin) -> list[User]:
    """Return those who may approve it: who have the permission, and wrote nothing of it."""
    own = authors(bulletin)
    return [user for user in staff_with_permission(APPROVE) if user.pk not in own]


def notify_reviewers(event: BulletinEvent) -> None:
    """Queue an email to everybody who may approve what was handed in, but for whoever did that."""
    for user in reviewers(event.bulletin):
        if user != event.by and _wants(user, "submitted"):
            queue_email(SUBMITTED, user.email, object_id=str(event.pk))


def notify_author(event: BulletinEvent) -> None:
    """Queue an email to whoever handed it in, when somebody else approved it or gave it back."""
    handed_in = BulletinEvent.objects.filter(bulletin=event.bulletin, action="submitted", pk__lt=event.pk)
    last = handed_in.select_related("by").order_by("-pk").first()
    user = last.by if last else None
    preference = "approved" if event.action == "approved" else "rejected"
    if user and user != event.by and user.is_active and user.email and _wants(user, preference):
        queue_email(REVIEWED, user.email, object_id=str(event.pk))


def _wants(user: Any, what: str) -> bool:
    """Whether somebody wants such emails, by their choice in the admin, which is about pages as well."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile is None or bool(getattr(profile, f"{what}_notifications"))

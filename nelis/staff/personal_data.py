"""What is deleted in time: failed sign-ins, sessions that ended and what is known of them."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from engagement.mailing_list.retention import retention_rule
from nelis.staff import throttling
from nelis.staff.models import FailedSignIn


@retention_rule("failed sign-ins of staff deleted")
def delete_failed_sign_ins(now: datetime, dry_run: bool) -> int:
    """Delete what is too old to tell of an attack."""
    old = FailedSignIn.objects.filter(at__lt=now - throttling.KEPT_FOR)
    return old.count() if dry_run else old.delete()[0]


@retention_rule("ended sessions of staff deleted")
def delete_ended_sessions(now: datetime, dry_run: bool) -> int:
    """Delete sessions that ended by themselves, with the browser and the network that they were opened from."""
    ended = Session.objects.filter(expire_date__lt=now)
    if dry_run:
        return ended.count()
    count = ended.delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return count

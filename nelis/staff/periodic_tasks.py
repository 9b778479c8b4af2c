"""What is deleted in time: failed sign-ins, ended sessions and what is known of them."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from engagement.mail.scheduler import periodic_task
from nelis.staff import throttling


@periodic_task("staff.delete_old", timedelta(hours=6))
def delete_old() -> str:
    """Delete sessions that ended by themselves, and failed sign-ins that are a month old."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return f"{throttling.delete_old()} failed sign-ins deleted."

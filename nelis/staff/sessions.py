"""The sessions of staff: when one ends, whether it passed a second factor, and how others are ended."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

__all__ = [
    *("connect", "end_all", "has_ended", "has_second_factor", "passed_second_factor", "signed_in_recently", "touch"),
]

SIGNED_IN_AT, ACTIVE_AT = "signed_in_at", "active_at"
#: How often the time of the last request is written down, in seconds.
WRITTEN_EVERY = 60
#: The kinds that count as a second factor of their own. Recovery codes stand in for one of these.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def connect() -> None:
    """Note from now on when a session began, and that setting up a second factor passes it. Called once, at start."""
    user_logged_in.connect(_note_start, dispatch_uid="staff_session_start")
    authenticator_added.connect(_note_added_factor, dispatch_uid="staff_factor_added")


def _note_start(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[ACTIVE_AT] = time.time()


def _note_added_factor(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    added = kwargs["authenticator"]
    if added.type in KINDS:
        record_authentication(request, user, "mfa", id=added.pk, type=added.type)


def has_ended(request: HttpRequest) -> bool:
    """Return whether the session was idle for too long, or began too long ago."""
    now = time.time()
    began, active = request.session.get(SIGNED_IN_AT, 0), request.session.get(ACTIVE_AT, 0)
    return now - began > settings.SESSION_COOKIE_AGE or now - active > settings.SESSION_IDLE_SECONDS


def touch(request: HttpRequest) -> None:
    """Note that somebody is at work. Writes once a minute at most."""
    if time.time() - request.session.get(ACTIVE_AT, 0) > WRITTEN_EVERY:
        request.session[ACTIVE_AT] = time.time()


def signed_in_recently(request: HttpRequest) -> bool:
    """Return whether somebody signed in so recently that nothing has to be asked again."""
    age = time.time() - request.session.get(SIGNED_IN_AT, 0)
    return bool(age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def passed_second_factor(request: HttpRequest) -> bool:
    """Return whether the session was opened with a code or a passkey, and not with a password alone."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def has_second_factor(user: Any) -> bool:
    """Return whether somebody has set up a second factor. One query."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists()


def end_all(user: Any) -> int:
    """End all sessions of somebody, and return how many they were."""
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)

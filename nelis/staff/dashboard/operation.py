"""What goes on: rounds that are open, what is scheduled, mail and tasks, and accounts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from engagement.bulletins.models import Bulletin
from engagement.feedback.models import FeedbackRound, Response
from engagement.mail.models import DeliveryState, TaskRun
from engagement.mail.streams import STREAMS
from nelis.core.models import User
from nelis.staff.dashboard.parts import DashboardPart, Row, edit_url, title_of
from nelis.staff.models import FailedSignIn

__all__ = ["AccountsPart", "MailPart", "RoundsPart", "ScheduledPart"]

#: How far the list of what comes next looks ahead.
HORIZON = timedelta(days=14)
#: Failed sign-ins to one account within a day that administrators hear of.
MANY_FAILURES = 5


class RoundsPart(DashboardPart):
    """Rounds that take answers, with those of today."""

    name = "rounds"
    title = "Rounds open"
    empty = "None is open."
    order = 40
    permission = "feedback.view_feedbackround"

    def rows(self) -> Iterator[Row]:
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        sent = Q(responses__state__in=Response.SENT)
        rounds = FeedbackRound.objects.filter(state=FeedbackRound.State.OPEN).annotate(
            sent=Count("responses", filter=sent),
            sent_today=Count("responses", filter=sent & Q(responses__submitted_at__gte=midnight)),
        )
        for round_ in rounds:
            until = f"Open until {_day(round_.closes_at)}. " if round_.closes_at else ""
            note = f"{until}{round_.sent_today} today, {round_.sent} in all"
            yield Row(round_.title, reverse("feedback_dashboard", args=[round_.pk]), note=note)


class ScheduledPart(DashboardPart):
    """What happens by itself in the next two weeks, in the order of time."""

    name = "scheduled"
    title = "Next"
    empty = "Nothing is scheduled in the next two weeks."
    order = 50

    def rows(self) -> list[Row]:
        now = timezone.now()
        return sorted(self.coming(now, now + HORIZON), key=lambda row: row.at or now)

    def coming(self, now: datetime, end: datetime) -> Iterator[Row]:
        """Yield what goes live, is taken down, is sent or closes between the two times."""
        going_live = Revision.objects.filter(approved_go_live_at__range=(now, end))
        for revision in going_live.prefetch_related("content_object"):
            obj = revision.content_object
            if obj is not None:
                yield Row(title_of(obj), edit_url(obj), "Goes live", at=revision.approved_go_live_at)
        for page in Page.objects.filter(live=True, expire_at__range=(now, end)):
            yield Row(title_of(page), edit_url(page), "Is taken down", at=page.expire_at)
        if self.user.has_perm("bulletins.view_bulletin"):
            for bulletin in Bulletin.objects.filter(scheduled_for__range=(now, end), state=Bulletin.State.SCHEDULED):
                url = reverse("bulletin_dashboard", args=[bulletin.pk])
                yield Row(f"Bulletin: {bulletin.subject}", url, "Is sent", at=bulletin.scheduled_for)
        if self.user.has_perm("feedback.view_feedbackround"):
            for round_ in FeedbackRound.objects.filter(state=FeedbackRound.State.OPEN, closes_at__range=(now, end)):
                url = reverse("feedback_dashboard", args=[round_.pk])
                yield Row(f"Round: {round_.title}", url, "Closes", at=round_.closes_at)


class MailPart(DashboardPart):
    """Mail on its way, in doubt and refused today, and tasks of the site that failed."""

    name = "mail"
    title = "Mail and tasks"
    empty = "All is well: no mail waits, none is in doubt, and no task failed."
    order = 60
    permission = "mail.view_transactionalemail"

    def rows(self) -> Iterator[Row]:
        url = reverse("email_delivery")
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        in_flight = in_doubt = refused = 0
        for stream in STREAMS.values():
            in_flight += stream.open_emails.exclude(state=DeliveryState.UNKNOWN).count()
            in_doubt += stream.emails.filter(state=DeliveryState.UNKNOWN).count()
            refused += stream.emails.filter(state=DeliveryState.FAILED, settled_at__gte=midnight).count()
        found = {
            "Mails on their way": in_flight,
            "Mails in doubt, of which nobody knows whether they went out": in_doubt,
            "Mails refused today": refused,
        }
        yield from (Row(text, url, count=count) for text, count in found.items() if count)
        for run in TaskRun.objects.filter(outcome__startswith="Failed").order_by("name"):
            yield Row(f"Task {run.name}", url, "Failed", run.outcome, run.finished_at)


class AccountsPart(DashboardPart):
    """Invitations that nobody took up, and sign-ins that failed often."""

    name = "accounts"
    title = "Accounts"
    empty = "All is well: every invitation was taken up, and nobody guesses passwords."
    order = 70
    permission = "core.change_user"

    def rows(self) -> Iterator[Row]:
        invited = User.objects.filter(is_active=True, last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX)
        for user in invited.order_by("pk"):
            url = reverse("wagtailusers_users:edit", args=[user.pk])
            yield Row(f"Invitation of {_name(user)}", url, "Not taken up", at=user.date_joined)
        since = timezone.now() - timedelta(days=1)
        failures = FailedSignIn.objects.filter(at__gte=since, account__isnull=False).values("account__username")
        for row in failures.annotate(number=Count("pk")).filter(number__gte=MANY_FAILURES).order_by("-number"):
            text = f"Failed sign-ins to {row['account__username']} within a day"
            yield Row(text, reverse("staff_failed_sign_ins"), count=row["number"])


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def _day(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B}, {local:%H:%M}"

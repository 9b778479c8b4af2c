"""Retention rules: what names somebody who answered, and what was never sent, isn't kept longer than was said.

What people answered stays, and so does what says nothing about who they are: in what capacity they answered, from which
sector and area, and whether they may be quoted.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from engagement.feedback.models import FeedbackRound, OutcomeMail, Respondent, Response, WrongCode
from engagement.mailing_list.retention import retention_rule
from nelis.core.query_utils import delete_in_batches

__all__ = ["CONTACT_FIELDS", "clear_contact_details", "contact_kept_until", "ended_at"]

#: What is emptied.
CONTACT_FIELDS = ("name", "organisation", "role", "address", "address_hash")
#: Answers that were begun and not sent: so long after their round has ended, …
UNSENT_KEPT_FOR = timedelta(days=30)
#: … and in a round without an end, so long after they were last touched.
IDLE_KEPT_FOR = timedelta(days=365)
WRONG_CODES_KEPT_FOR = timedelta(days=7)
#: So long an email may still come back, or be reported as unwanted.
MAIL_IDENTIFIABLE_FOR = timedelta(days=30)


def ended_at(round_: FeedbackRound) -> datetime | None:
    """From when on a round takes no answers: its closing time, or when it was closed before that. One query at most.

    None for one that has no end yet. It may lie ahead.
    """
    if round_.state == FeedbackRound.State.DRAFT:
        return None
    closed_at = None
    if round_.state != FeedbackRound.State.OPEN:
        closed_at = round_.events.filter(action="closed").values_list("at", flat=True).last()
    return min((moment for moment in (round_.closes_at, closed_at) if moment), default=None)


def contact_kept_until(round_: FeedbackRound) -> datetime | None:
    """When the contact details of a round are emptied: so many months after the first report, or after its end.

    None for one that was never reported back and has no end yet. One query at most.
    """
    start = round_.reported_at or ended_at(round_)
    if start is None:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + round_.contact_months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def clear_contact_details(people: QuerySet[Respondent]) -> int:
    """Empty the contact details of ``people``, and return how many there were. Names under quotations go with them."""
    rounds = list(FeedbackRound.objects.filter(responses__respondent__in=people).distinct())
    emptied = people.update(**dict.fromkeys(CONTACT_FIELDS, ""), may_contact=False)
    for round_ in rounds:
        round_.invalidate_results()
    return emptied


@retention_rule("respondents emptied of their contact details")
def _contacts(now: datetime, dry_run: bool) -> int:
    done = 0
    for round_ in _outlived(now):
        named = Q(may_contact=True)
        for field in CONTACT_FIELDS:
            named |= ~Q(**{field: ""})
        people = Respondent.objects.filter(named, response__round=round_)
        done += people.count() if dry_run else clear_contact_details(people)
        if not dry_run:
            OutcomeMail.objects.detach_responses(round_.responses.all())
    return done


def _outlived(now: datetime) -> list[FeedbackRound]:
    """The rounds whose contact details are kept no longer."""
    ends = [(round_, contact_kept_until(round_)) for round_ in FeedbackRound.objects.all()]
    return [round_ for round_, until in ends if until is not None and until <= now]


@retention_rule("mails that forgot whom they went to")
def _mails(now: datetime, dry_run: bool) -> int:
    """Mails about what came of a round, which know by hashes whom they went to."""
    outlived = OutcomeMail.objects.filter(
        round__in=_outlived(now), created_at__lt=now - MAIL_IDENTIFIABLE_FOR
    ).identifiable()
    return outlived.count() if dry_run else OutcomeMail.objects.filter(pk__in=outlived.values("pk")).anonymise()


@retention_rule("answers deleted that were never sent")
def _unsent(now: datetime, dry_run: bool) -> int:
    """Answers that were begun and never sent."""
    ended = _ended_before(now - UNSENT_KEPT_FOR)
    due = Q(round__in=ended, saved_at__lt=now - UNSENT_KEPT_FOR) | Q(saved_at__lt=now - IDLE_KEPT_FOR)
    return delete_in_batches(Response.objects.filter(due, state=Response.State.SAVED), dry_run=dry_run)


def _ended_before(moment: datetime) -> list[int]:
    """The keys of rounds that took no answers from then on."""
    ended = {round_.pk: ended_at(round_) for round_ in FeedbackRound.objects.all()}
    return [pk for pk, at in ended.items() if at is not None and at < moment]


@retention_rule("wrong codes forgotten")
def _tries(now: datetime, dry_run: bool) -> int:
    return delete_in_batches(WrongCode.objects.filter(at__lt=now - WRONG_CODES_KEPT_FOR), dry_run=dry_run)

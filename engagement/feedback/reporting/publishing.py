"""Reporting a round back: publishing what came of it, adding to it, and taking it back. Each step is written down."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.analysis.rules import RefusedError
from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, RoundEvent, Theme
from engagement.feedback.reporting.show import charts_of
from engagement.feedback.reporting.tables import published_figures
from engagement.feedback.reporting.words import may_be_quoted
from nelis.core import charts
from nelis.core.models import ContentVersion

__all__ = [
    "add",
    "delete",
    "obstacles",
    "quote",
    "report_back",
    "take_back",
    "take_back_one",
    "unquote",
    "waiting",
    "written",
]

State = FeedbackRound.State


def obstacles(feedback_round: FeedbackRound) -> list[str]:
    """What keeps a round from being reported back, each in a sentence."""
    found = []
    if feedback_round.state in (State.DRAFT, State.OPEN):
        found.append("The round isn’t closed.")
    if not feedback_round.themes.exists() and not feedback_round.official_responses.exists():
        found.append("There is neither a theme nor an official response to publish.")
    return found


def report_back(feedback_round: FeedbackRound, by: Any) -> None:
    """Publish the results, and every theme, response and quotation there is. Raises RefusedError."""
    with transaction.atomic():
        locked = _locked(feedback_round)
        if problems := obstacles(locked):
            raise RefusedError(" ".join(problems))
        if locked.state == State.REPORTED:
            raise RefusedError("The round has been reported back already.")
        now = timezone.now()
        locked.state = State.REPORTED
        # The first time counts: from it on, contact details have their time.
        locked.reported_at = locked.reported_at or now
        locked.save(update_fields=["state", "reported_at"])
        RoundEvent.write(locked, "reported back", by, _publish_all(locked, by))
        ContentVersion.bump()
        # So that they are drawn before somebody looks.
        for chart in charts_of(published_figures(locked)):
            charts.ask(chart)
    feedback_round.state, feedback_round.reported_at = locked.state, locked.reported_at


def add(feedback_round: FeedbackRound, by: Any) -> str:
    """Publish what was written since. What it was, in words. Raises RefusedError."""
    with transaction.atomic():
        locked = _locked(feedback_round)
        if locked.state != State.REPORTED:
            raise RefusedError("The round hasn’t been reported back yet.")
        if not any(waiting(locked).values()):
            raise RefusedError("There is nothing new to publish.")
        done = _publish_all(locked, by)
        RoundEvent.write(locked, "report added to", by, done)
        ContentVersion.bump()
    return done


def take_back(feedback_round: FeedbackRound, by: Any, why: str) -> None:
    """Take the whole report off the site. Nothing that was written is lost. Raises RefusedError."""
    with transaction.atomic():
        locked = _locked(feedback_round)
        if locked.state != State.REPORTED:
            raise RefusedError("The round isn’t reported back.")
        locked.state = State.CLOSED
        locked.save(update_fields=["state"])
        RoundEvent.write(locked, "report taken back", by, why)
        ContentVersion.bump()
    feedback_round.state = locked.state


def take_back_one(row: Theme | OfficialResponse, by: Any) -> None:
    """Take one published theme or response off the site. It waits again."""
    with transaction.atomic():
        rows = type(row)._default_manager.filter(pk=row.pk, published_at__isnull=False)
        if rows.update(published_at=None):
            RoundEvent.write(row.round, f"{name_of(row)} taken back", by, str(row))
            ContentVersion.bump()


def written(row: Theme | OfficialResponse, by: Any, *, is_new: bool) -> None:
    """Note that a theme or a response was written or changed. What is public changes at once."""
    public = ", on the site" if row.published_at and row.round.state == State.REPORTED else ""
    RoundEvent.write(row.round, f"{name_of(row)} {'written' if is_new else 'changed'}", by, f"{row}{public}")


def delete(row: Theme | OfficialResponse, by: Any) -> None:
    """Delete a theme or a response that isn't published. Raises RefusedError for one that is."""
    with transaction.atomic():
        if row.published_at:
            raise RefusedError("It is published. Take it back first.")
        RoundEvent.write(row.round, f"{name_of(row)} deleted", by, str(row))
        row.delete()


def name_of(row: Theme | OfficialResponse) -> str:
    """What staff call it."""
    return "theme" if isinstance(row, Theme) else "response"


def quote(quotation: Quotation, by: Any) -> Quotation:
    """Keep words to be quoted; they are published with the report. Raises RefusedError for those that may not be."""
    with transaction.atomic():
        quotation.by, quotation.published_at = by, None
        quotation.save()
        if not may_be_quoted(quotation):
            raise RefusedError("These words may not be quoted.")
        person = getattr(quotation.response, "respondent", None)
        if quotation.is_named and not (person and person.may_quote):
            raise RefusedError("The name may not stand under these words: nobody agreed to that.")
        note = "with the name" if quotation.is_named else "without a name"
        RoundEvent.write(quotation.response.round, "quotation chosen", by, note, quotation.response)
    return quotation


def unquote(quotation: Quotation, by: Any) -> None:
    """Quote these words no more."""
    with transaction.atomic():
        response = quotation.response
        quotation.delete()
        RoundEvent.write(response.round, "quotation taken out", by, "", response)


def waiting(feedback_round: FeedbackRound) -> dict[str, int]:
    """How many themes, official responses and quotations are not published. Three queries."""
    return {name: rows.filter(published_at=None).count() for name, rows in _all(feedback_round).items()}


def _locked(feedback_round: FeedbackRound) -> FeedbackRound:
    return FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)


def _all(feedback_round: FeedbackRound) -> dict[str, Any]:
    return {
        "themes": feedback_round.themes.all(),
        "responses": feedback_round.official_responses.all(),
        "quotations": Quotation.objects.filter(response__round=feedback_round),
    }


def _publish_all(feedback_round: FeedbackRound, by: Any) -> str:
    now, counts = timezone.now(), []
    for name, rows in _all(feedback_round).items():
        more = {"published_by": by} if name == "responses" else {}
        counts.append(f"{rows.filter(published_at=None).update(published_at=now, **more)} {name}")
    return f"Published: {', '.join(counts)}."

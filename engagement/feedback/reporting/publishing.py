"""Reporting a round back: publishing what came of it, adding to it, and taking it back. Each step is written down.

Nobody publishes what they wrote themselves, corrections of what is published included; nobody publishes what they
haven't seen. Taking something off the site needs no second person.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, RoundEvent, Theme
from engagement.feedback.reporting.corrections import apply_correction, unpublished_rows, unpublished_signature
from engagement.feedback.reporting.presenters import result_charts
from engagement.feedback.reporting.published_figures import published_figures
from engagement.feedback.reporting.quotations import may_be_quoted
from nelis.core import charts
from nelis.core.models import ContentVersion

__all__ = [
    "add_quotation",
    "count_unpublished",
    "delete_row",
    "is_own_work",
    "lock_round",
    "obstacles",
    "publish_additions",
    "record_edit",
    "remove_quotation",
    "report_back",
    "unpublish_report",
    "unpublish_row",
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


def is_own_work(feedback_round: FeedbackRound, by: Any) -> bool:
    """Whether ``by`` wrote any of what waits to be published: somebody else publishes it. Three queries at most.

    Demonstrations need no second person.
    """
    if by is None or feedback_round.is_demonstration:
        return False
    rows = unpublished_rows(feedback_round)
    written = any(rows[name].filter(writers=by).exists() for name in ("themes", "responses"))
    return written or bool(rows["quotations"].filter(by=by).exists())


def report_back(feedback_round: FeedbackRound, by: Any, seen: str | None = None) -> None:
    """Publish the results, and every theme, response and quotation there is. Raises RefusedError.

    ``seen`` is what waited (see ``said_by_all``) when ``by`` looked at it.
    """
    with transaction.atomic():
        locked = lock_round(feedback_round)
        if problems := obstacles(locked):
            raise RefusedError(" ".join(problems))
        if locked.state == State.REPORTED:
            raise RefusedError("The round has been reported back already.")
        _refuse_unseen(locked, seen)
        _refuse_own_work(locked, by)
        now = timezone.now()
        locked.state = State.REPORTED
        # The first time counts: from it on, contact details have their time.
        locked.reported_at = locked.reported_at or now
        locked.save(update_fields=["state", "reported_at"])
        RoundEvent.write(locked, "reported back", by, _publish_all(locked, by))
        ContentVersion.bump()
        # So that they are drawn before somebody looks.
        for chart in result_charts(published_figures(locked)):
            charts.request_drawing(chart)
    feedback_round.state, feedback_round.reported_at = locked.state, locked.reported_at


def publish_additions(feedback_round: FeedbackRound, by: Any, seen: str | None = None) -> str:
    """Publish what was written since, and corrections. What it was, in words. Raises RefusedError, as above."""
    with transaction.atomic():
        locked = lock_round(feedback_round)
        if locked.state != State.REPORTED:
            raise RefusedError("The round hasn’t been reported back yet.")
        if not any(count_unpublished(locked).values()):
            raise RefusedError("There is nothing new to publish.")
        _refuse_unseen(locked, seen)
        _refuse_own_work(locked, by)
        done = _publish_all(locked, by)
        RoundEvent.write(locked, "report added to", by, done)
        ContentVersion.bump()
    return done


def unpublish_report(feedback_round: FeedbackRound, by: Any, why: str) -> None:
    """Take the whole report off the site. Nothing that was written is lost. Raises RefusedError."""
    with transaction.atomic():
        locked = lock_round(feedback_round)
        if locked.state != State.REPORTED:
            raise RefusedError("The round isn’t reported back.")
        locked.state = State.CLOSED
        locked.save(update_fields=["state"])
        RoundEvent.write(locked, "report taken back", by, why)
        ContentVersion.bump()
    feedback_round.state = locked.state


def unpublish_row(row: Theme | OfficialResponse, by: Any) -> None:
    """Take one published theme or response off the site. It waits again, as its correction says if there is one."""
    with transaction.atomic():
        lock_round(row.round)
        rows = type(row)._default_manager.filter(pk=row.pk, published_at__isnull=False)
        if rows.update(published_at=None):
            for correction in type(row)._default_manager.filter(corrects=row.pk).select_related("corrects"):
                apply_correction(correction)
            RoundEvent.write(row.round, f"{row_noun(row)} taken back", by, str(row))
            ContentVersion.bump()


def record_edit(row: Theme | OfficialResponse, by: Any, *, is_new: bool) -> None:
    """Note that a theme or a response was written or changed, in the caller's transaction. It waits for a colleague."""
    row.writers.add(by)
    public = ", a correction of what is published" if row.corrects_id else ""
    RoundEvent.write(row.round, f"{row_noun(row)} {'written' if is_new else 'changed'}", by, f"{row}{public}")


def delete_row(row: Theme | OfficialResponse, by: Any) -> None:
    """Delete a theme, a response or a correction that isn't published. Raises RefusedError for one that is."""
    with transaction.atomic():
        lock_round(row.round)
        row.refresh_from_db(fields=["published_at"])
        if row.published_at:
            raise RefusedError("It is published. Take it back first.")
        note = f"{row}, a correction of what is published" if row.corrects_id else str(row)
        RoundEvent.write(row.round, f"{row_noun(row)} deleted", by, note)
        row.delete()


def row_noun(row: Theme | OfficialResponse) -> str:
    """What staff call it."""
    return "theme" if isinstance(row, Theme) else "response"


def add_quotation(quotation: Quotation, by: Any) -> Quotation:
    """Keep words to be quoted; they are published with the report. Raises RefusedError for those that may not be."""
    with transaction.atomic():
        lock_round(quotation.response.round)
        span = {name: getattr(quotation, name) for name in ("anchor", "start", "end")}
        if Quotation.objects.filter(response=quotation.response_id, **span).exists():
            raise RefusedError("These words are chosen already.")
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


def remove_quotation(quotation: Quotation, by: Any) -> None:
    """Quote these words no more."""
    with transaction.atomic():
        response = quotation.response
        quotation.delete()
        RoundEvent.write(response.round, "quotation taken out", by, "", response)


def count_unpublished(feedback_round: FeedbackRound) -> dict[str, int]:
    """How many themes, official responses, quotations and corrections are not published. Five queries."""
    rows = unpublished_rows(feedback_round)
    new = {name: rows[name].filter(corrects=None).count() for name in ("themes", "responses")}
    corrections = sum(rows[name].exclude(corrects=None).count() for name in ("themes", "responses"))
    return new | {"quotations": rows["quotations"].count(), "corrections": corrections}


def _refuse_unseen(feedback_round: FeedbackRound, seen: str | None) -> None:
    if seen is not None and seen != unpublished_signature(feedback_round):
        raise RefusedError(
            "Something was written or changed since you opened this page. Look at it again, then publish."
        )


def _refuse_own_work(feedback_round: FeedbackRound, by: Any) -> None:
    if is_own_work(feedback_round, by):
        raise RefusedError("You wrote some of what waits, so somebody else publishes it.")


def lock_round(feedback_round: FeedbackRound) -> FeedbackRound:
    """The round, locked until the caller's transaction ends: one person at a time writes or publishes its report."""
    return FeedbackRound.objects.select_for_update().get(pk=feedback_round.pk)


def _publish_all(feedback_round: FeedbackRound, by: Any) -> str:
    counts = count_unpublished(feedback_round)
    rows = unpublished_rows(feedback_round)
    for name, more in (("themes", {}), ("responses", {"published_by": by})):
        for correction in rows[name].exclude(corrects=None).select_related("corrects"):
            apply_correction(correction)
            correction.corrects.writers.clear()
        for row in rows[name].all():
            row.writers.clear()
        rows[name].update(published_at=timezone.now(), **more)
    rows["quotations"].update(published_at=timezone.now())
    return f"Published: {', '.join(f'{count} {name}' for name, count in counts.items())}."

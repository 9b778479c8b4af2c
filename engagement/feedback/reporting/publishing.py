"""Report a round back: publish what came of it, add to it, and take it back. Every step is logged.

Nobody publishes what they wrote themselves, corrections included; nobody publishes what they haven't seen. Taking
something off the site needs no second person.
"""

from typing import Any

from django.utils import timezone

from engagement.feedback.analysis.permissions import DELETE_ROUND, RefusedError, locked_round
from engagement.feedback.models import FeedbackRound, Quotation, RoundEvent, Theme
from engagement.feedback.reporting.corrections import Row, apply_correction, unpublished_rows, unpublished_signature
from engagement.feedback.reporting.editions import published_figures, update_edition
from engagement.feedback.reporting.presenters import result_charts
from engagement.feedback.reporting.quotations import may_be_quoted
from nelis.core import charts
from nelis.core.models import ContentVersion

State = FeedbackRound.State


def obstacles(round_: FeedbackRound) -> list[str]:
    """List what keeps a round from being reported back, each in a sentence."""
    found = []
    if round_.state in (State.DRAFT, State.OPEN):
        found.append("The round isn’t closed.")
    if not round_.themes.exists() and not round_.official_responses.exists():
        found.append("There is neither a theme nor an official response to publish.")
    return found


def is_own_work(round_: FeedbackRound, by: Any) -> bool:
    """Tell whether ``by`` wrote any of what waits, so that somebody else publishes it. Three queries at most.

    Demonstrations need no second person.
    """
    if by is None or round_.is_demonstration:
        return False
    rows = unpublished_rows(round_)
    is_writer = any(rows[name].filter(writers=by).exists() for name in ("themes", "responses"))
    return is_writer or bool(rows["quotations"].filter(by=by).exists())


def report_back(round_: FeedbackRound, by: Any, seen: str | None = None) -> None:
    """Publish the results, and every theme, official response and quotation there is. Raises RefusedError.

    ``seen`` is the signature of what waited when ``by`` looked at it.
    """
    with locked_round(round_) as locked:
        if problems := obstacles(locked):
            raise RefusedError(" ".join(problems))
        if locked.state == State.REPORTED:
            raise RefusedError("The round has been reported back already.")
        published = _publish_all(locked, by, seen)
        locked.state = State.REPORTED
        # The first time counts: from it on, contact details have their time.
        locked.reported_at = locked.reported_at or timezone.now()
        locked.save(update_fields=["state", "reported_at"])
        RoundEvent.write(locked, "reported back", by, published)
        update_edition(locked)
        ContentVersion.bump()
        # So that they are drawn before somebody looks.
        for chart in result_charts(published_figures(locked)):
            charts.request_drawing(chart)
    round_.state, round_.reported_at = locked.state, locked.reported_at


def publish_additions(round_: FeedbackRound, by: Any, seen: str | None = None) -> str:
    """Publish what was written since, and corrections; say in words what it was. Raises RefusedError, as above."""
    with locked_round(round_) as locked:
        if locked.state != State.REPORTED:
            raise RefusedError("The round hasn’t been reported back yet.")
        if not any(count_unpublished(locked).values()):
            raise RefusedError("There is nothing new to publish.")
        published = _publish_all(locked, by, seen)
        RoundEvent.write(locked, "report added to", by, published)
        ContentVersion.bump()
    return published


def _publish_all(round_: FeedbackRound, by: Any, seen: str | None) -> str:
    if seen is not None and seen != unpublished_signature(round_):
        raise RefusedError(
            "Something was written or changed since you opened this page. Look at it again, then publish."
        )
    if is_own_work(round_, by):
        raise RefusedError("You wrote some of what waits, so somebody else publishes it.")
    counts, rows, now = count_unpublished(round_), unpublished_rows(round_), timezone.now()
    for name, fields in (("themes", {}), ("responses", {"published_by": by})):
        for correction in rows[name].exclude(corrects=None).select_related("corrects"):
            apply_correction(correction)
            correction.corrects.writers.clear()
        for row in rows[name].all():
            row.writers.clear()
        rows[name].update(published_at=now, **fields)
    rows["quotations"].update(published_at=now)
    return f"Published: {', '.join(f'{count} {name}' for name, count in counts.items())}."


def unpublish_report(round_: FeedbackRound, by: Any, reason: str) -> None:
    """Take the whole report off the site; nothing that was written is lost. Raises RefusedError."""
    with locked_round(round_) as locked:
        if locked.state != State.REPORTED:
            raise RefusedError("The round isn’t reported back.")
        locked.state = State.CLOSED
        locked.save(update_fields=["state"])
        RoundEvent.write(locked, "report taken back", by, reason)
        ContentVersion.bump()
    round_.state = locked.state


def unpublish_row(row: Row, by: Any) -> None:
    """Take one theme or response off the site. It waits again, with the words of its correction if there is one."""
    rows = type(row)._default_manager
    with locked_round(row.round):
        if rows.filter(pk=row.pk, published_at__isnull=False).update(published_at=None):
            for correction in rows.filter(corrects=row.pk).select_related("corrects"):
                apply_correction(correction)
            RoundEvent.write(row.round, f"{_noun(row)} taken back", by, str(row))
            ContentVersion.bump()


def record_edit(row: Row, by: Any, *, is_new: bool) -> None:
    """Record who wrote or changed a theme or response, in the caller's transaction. It waits for a colleague."""
    row.writers.add(by)
    RoundEvent.write(row.round, f"{_noun(row)} {'written' if is_new else 'changed'}", by, _note(row))


def delete_row(row: Row, by: Any) -> None:
    """Delete a theme, a response or a correction that isn't published. Raises RefusedError for one that is.

    Only its author may, or whoever may delete rounds; nobody is the author of what was published before.
    """
    with locked_round(row.round):
        row.refresh_from_db(fields=["published_at"])
        if row.published_at:
            raise RefusedError("It is published. Take it back first.")
        if set(row.writers.all()) != {by} and not by.has_perm(DELETE_ROUND):
            raise RefusedError("A colleague wrote it, or it was published once. An administrator can delete it.")
        RoundEvent.write(row.round, f"{_noun(row)} deleted", by, _note(row))
        row.delete()


def _noun(row: Row) -> str:
    return "theme" if isinstance(row, Theme) else "response"


def _note(row: Row) -> str:
    return f"{row}, a correction of what is published" if row.corrects_id else str(row)


def add_quotation(quotation: Quotation, by: Any) -> Quotation:
    """Choose words to be quoted; they are published with the report. Raises RefusedError for those that may not be."""
    response = quotation.response
    with locked_round(response.round):
        span = {name: getattr(quotation, name) for name in ("anchor", "start", "end")}
        if Quotation.objects.filter(response=response.pk, **span).exists():
            raise RefusedError("These words are chosen already.")
        quotation.by, quotation.published_at = by, None
        quotation.save()
        if not may_be_quoted(quotation):
            raise RefusedError("These words may not be quoted.")
        person = getattr(response, "respondent", None)
        if quotation.is_named and not (person and person.may_quote):
            raise RefusedError("The name may not stand under these words: nobody agreed to that.")
        note = "with the name" if quotation.is_named else "without a name"
        RoundEvent.write(response.round, "quotation chosen", by, note, response=response)
    return quotation


def remove_quotation(quotation: Quotation, by: Any) -> None:
    """Quote these words no more."""
    response = quotation.response
    with locked_round(response.round):
        quotation.delete()
        RoundEvent.write(response.round, "quotation taken out", by, "", response=response)


def count_unpublished(round_: FeedbackRound) -> dict[str, int]:
    """Count the themes, official responses, quotations and corrections that aren't published. Five queries."""
    rows = unpublished_rows(round_)
    new = {name: rows[name].filter(corrects=None).count() for name in ("themes", "responses")}
    corrections = sum(rows[name].exclude(corrects=None).count() for name in ("themes", "responses"))
    return new | {"quotations": rows["quotations"].count(), "corrections": corrections}

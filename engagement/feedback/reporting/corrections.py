"""Corrections of what is published, and signatures that tell whether anything changed since somebody looked at it.

A change of a published theme or official response is a row of its own, which takes its place when a colleague publishes
it. Signatures keep two people from writing over each other, and anybody from publishing what they haven't seen.
"""

import json
from hashlib import sha256
from typing import Any

from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, Theme

Row = Theme | OfficialResponse
#: The fields that a correction copies, and the relation to codes or themes.
TEXT_FIELDS: dict[type[Any], tuple[str, ...]] = {
    Theme: ("title", "summary", "sort_order"),
    OfficialResponse: ("you_said", "decision", "reason", "sort_order"),
}
LINK_FIELDS: dict[type[Any], str] = {Theme: "codes", OfficialResponse: "themes"}


def editable_row(row: Row) -> Row:
    """Find the row to which a change of ``row`` is written: itself until it is published, then its correction.

    A correction that nobody has begun comes with the words of ``row``, and isn't saved.
    """
    if row.published_at is None:
        return row
    correction: Row | None = type(row)._default_manager.filter(corrects=row.pk).first()
    if correction is not None:
        return correction
    model: Any = type(row)
    new: Row = model(round=row.round, corrects=row, **{name: getattr(row, name) for name in TEXT_FIELDS[model]})
    return new


def linked_keys(row: Row) -> list[int]:
    """List the codes of a theme or the themes of a response (keys), also for a correction not begun."""
    links = getattr(row if row.pk else row.corrects, LINK_FIELDS[type(row)])
    return sorted(linked.pk for linked in links.all())


def signature(row: Row) -> str:
    """Hash everything that a theme or official response says now, and whether it is published."""
    outcomes: list[tuple[int, int]] = []
    if isinstance(row, OfficialResponse):
        original: Any = row if row.pk else row.corrects
        outcomes = [(outcome.proposition_id, outcome.version_id) for outcome in original.outcomes.all()]
    texts = [str(getattr(row, name)) for name in TEXT_FIELDS[type(row)]]
    return _hash([row.pk, str(row.published_at), texts, linked_keys(row), outcomes])


def unpublished_rows(round_: FeedbackRound) -> dict[str, Any]:
    """Query what of a round isn't published, by what it is called: what is new, and corrections."""
    return {
        "themes": round_.themes.filter(published_at=None),
        "responses": round_.official_responses.filter(published_at=None),
        "quotations": Quotation.objects.filter(response__round=round_, published_at=None),
    }


def unpublished_signature(round_: FeedbackRound) -> str:
    """Hash everything that waits to be published. Six queries."""
    rows = unpublished_rows(round_)
    signatures = [signature(row) for row in rows["themes"].order_by("pk").prefetch_related("codes")]
    signatures += [signature(row) for row in rows["responses"].order_by("pk").prefetch_related("themes", "outcomes")]
    quotations = [*rows["quotations"].order_by("pk").values_list("pk", "theme", "is_named")]
    return _hash([signatures, quotations])


def apply_correction(correction: Row) -> None:
    """Put a correction in the place of what it corrects, in the caller's transaction, and delete it."""
    original: Any = correction.corrects
    for name in TEXT_FIELDS[type(correction)]:
        setattr(original, name, getattr(correction, name))
    original.save()
    getattr(original, LINK_FIELDS[type(correction)]).set(linked_keys(correction))
    original.writers.set(correction.writers.all())
    if isinstance(correction, OfficialResponse):
        original.outcomes.all().delete()
        correction.outcomes.update(official_response=original)
    correction.delete()


def _hash(content: Any) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()

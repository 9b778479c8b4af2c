"""Corrections of what was reported back: each is written apart, and takes the place of what is public when a colleague
publishes it. And what a theme, a response or a whole report says at a moment, so that two people don't write over
each other, and nobody publishes what they haven't seen.
"""

import json
from hashlib import sha256
from typing import Any

from engagement.feedback.models import FeedbackRound, OfficialResponse, Quotation, Theme

__all__ = [
    "LINK_FIELDS",
    "apply_correction",
    "editable_row",
    "linked_keys",
    "signature",
    "unpublished_rows",
    "unpublished_signature",
]

#: What is written, by what it is of: what it says, and what it is tied to.
TEXT_FIELDS: dict[type[Any], tuple[str, ...]] = {
    Theme: ("title", "summary", "sort_order"),
    OfficialResponse: ("you_said", "decision", "reason", "sort_order"),
}
LINK_FIELDS: dict[type[Any], str] = {Theme: "codes", OfficialResponse: "themes"}

Row = Theme | OfficialResponse


def editable_row(row: Row) -> Row:
    """What a change of ``row`` is written to: to itself, as long as it isn't published; else to its correction.

    A correction that nobody has begun comes with the words of ``row``, and isn't saved.
    """
    if row.published_at is None:
        return row
    begun: Row | None = type(row)._default_manager.filter(corrects=row.pk).first()
    if begun is not None:
        return begun
    model: Any = type(row)
    fresh: Row = model(round=row.round, corrects=row, **{name: getattr(row, name) for name in TEXT_FIELDS[model]})
    return fresh


def linked_keys(row: Row) -> list[int]:
    """The keys of the codes of a theme, or of the themes of a response; for a correction not begun, of its original."""
    tied = getattr(row if row.pk else row.corrects, LINK_FIELDS[type(row)])
    return sorted(one.pk for one in tied.all())


def signature(row: Row) -> str:
    """A hash of everything that ``row`` says now, and of where it stands."""
    about: Any = row if row.pk else row.corrects
    outcomes = [] if isinstance(row, Theme) else [(one.proposition_id, one.version_id) for one in about.outcomes.all()]
    words = [str(getattr(row, name)) for name in TEXT_FIELDS[type(row)]]
    return _hash([row.pk, str(row.published_at), words, linked_keys(row), outcomes])


def unpublished_rows(feedback_round: FeedbackRound) -> dict[str, Any]:
    """What of a round isn't published, by what it is called: new ones, and corrections among them."""
    return {
        "themes": feedback_round.themes.filter(published_at=None),
        "responses": feedback_round.official_responses.filter(published_at=None),
        "quotations": Quotation.objects.filter(response__round=feedback_round, published_at=None),
    }


def unpublished_signature(feedback_round: FeedbackRound) -> str:
    """A hash of everything that waits to be published. Six queries."""
    rows = unpublished_rows(feedback_round)
    written = [signature(row) for row in rows["themes"].order_by("pk").prefetch_related("codes")]
    written += [signature(row) for row in rows["responses"].order_by("pk").prefetch_related("themes", "outcomes")]
    chosen = [*rows["quotations"].order_by("pk").values_list("pk", "theme", "is_named")]
    return _hash([written, chosen])


def apply_correction(correction: Row) -> None:
    """Give what was corrected the words of its correction, in the caller's transaction. The correction goes."""
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


def _hash(what: Any) -> str:
    return sha256(json.dumps(what).encode()).hexdigest()

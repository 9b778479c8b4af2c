"""Responses that may be of one person: found for staff, who decide. Nothing is blocked, and nothing deleted.

A form that is opened twice by the same phone writes to the same response, so what is left are people who answered
again from elsewhere. They are looked for by the address they gave, and by long answers that say the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models.functions import Length

from engagement.feedback.analysis.permissions import RefusedError, invalidate_results
from engagement.feedback.models import (
    Answer,
    DuplicateDismissal,
    FeedbackRound,
    PropositionResponse,
    Respondent,
    Response,
    RoundEvent,
)
from engagement.feedback.responses.parsing import COMMENT_PARTS

__all__ = ["SuspectedDuplicate", "mark_distinct", "mark_duplicate", "suspected_duplicates", "unmark_duplicate"]

#: Shorter answers are the same by chance.
MIN_TEXT_LENGTH = 80
SAME_ADDRESS, SAME_TEXT = "the same email address", "the same long answer"


@dataclass(frozen=True, slots=True)
class SuspectedDuplicate:
    """A response, the first one it may repeat, both by their keys, and why."""

    response: int
    first: int
    reasons: tuple[str, ...]


def suspected_duplicates(feedback_round: FeedbackRound) -> list[SuspectedDuplicate]:
    """What nobody has decided on yet, in the order of responses. Seven queries, however many responses there are."""
    counted = Response.objects.filter(round=feedback_round).counted().order_by()
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for why, keys in ((SAME_ADDRESS, _addresses(counted)), (SAME_TEXT, _texts(counted))):
        for response, first in _repeats(keys):
            if why not in reasons[response, first]:
                reasons[response, first].append(why)
    decided = set(DuplicateDismissal.objects.filter(response__round=feedback_round).values_list("response", "other"))
    return [
        SuspectedDuplicate(response, first, tuple(why))
        for (response, first), why in sorted(reasons.items())
        if (response, first) not in decided
    ]


def _addresses(counted: Any) -> Iterator[tuple[int, str]]:
    rows = Respondent.objects.filter(response__in=counted).exclude(address="").order_by("response")
    for key, address in rows.values_list("response", "address").iterator():
        yield key, address.casefold()


def _texts(counted: Any) -> Iterator[tuple[int, str]]:
    """Long answers, each as a short hash of its letters: line ends, blanks, case and full stops make no difference."""
    written: list[Any] = [Answer.objects.all(), *(PropositionResponse.objects.all() for _ in COMMENT_PARTS)]
    for rows, column in zip(written, ("text", *COMMENT_PARTS), strict=True):
        long = rows.filter(response__in=counted).annotate(size=Length(column)).filter(size__gte=MIN_TEXT_LENGTH)
        for key, text in long.order_by("response").values_list("response", column).iterator():
            letters = "".join(one for one in text.casefold() if one.isalnum())
            yield key, f"{column} {blake2b(letters.encode(), digest_size=12).hexdigest()}"


def _repeats(keys: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for response, what in keys:
        if first.setdefault(what, response) != response:
            yield response, first[what]


def mark_duplicate(response: Response, first: Response, by: Any) -> None:
    """Count ``response`` no more: the same person had sent ``first``. Raises RefusedError."""
    with transaction.atomic():
        found, kept = _lock_pair(response, first)
        if found.pk == kept.pk:
            raise RefusedError("A response is no duplicate of itself.")
        if kept.duplicate_of_id:
            raise RefusedError(f"{kept} is marked as a duplicate itself. Choose the one that is counted.")
        found.duplicate_of = kept
        found.save(update_fields=["duplicate_of"])
        # One that is counted stands behind all of them.
        found.duplicates.update(duplicate_of=kept)
        RoundEvent.write(found.round, "marked duplicate", by, f"of {kept}", found)
        invalidate_results(found.round)
    response.duplicate_of = kept


def _lock_pair(response: Response, first: Response) -> tuple[Any, Any]:
    rows: Any = Response.objects.select_for_update(of=("self",)).select_related("round").order_by("pk")
    both = {one.pk: one for one in rows.filter(pk__in=(response.pk, first.pk))}
    found, kept = both[response.pk], both[first.pk]
    if found.round_id != kept.round_id:
        raise RefusedError("They belong to different rounds.")
    if found.state not in Response.SENT or kept.state not in Response.SENT:
        raise RefusedError("One of the two was withdrawn.")
    return found, kept


def unmark_duplicate(response: Response, by: Any) -> None:
    """Count a response again."""
    with transaction.atomic():
        found: Any = Response.objects.select_for_update(of=("self",)).select_related("round").get(pk=response.pk)
        if found.duplicate_of_id is None:
            raise RefusedError("It isn’t marked as a duplicate.")
        found.duplicate_of = None
        found.save(update_fields=["duplicate_of"])
        RoundEvent.write(found.round, "unmarked duplicate", by, response=found)
        invalidate_results(found.round)
    response.duplicate_of = None


def mark_distinct(response: Response, first: Response, by: Any) -> None:
    """Write down that two responses are of two people, so that nobody is asked again."""
    with transaction.atomic():
        found, kept = _lock_pair(response, first)
        _, is_new = DuplicateDismissal.objects.get_or_create(response=found, other=kept, defaults={"by": by})
        if is_new:
            RoundEvent.write(found.round, "found distinct", by, f"from {kept}", found)

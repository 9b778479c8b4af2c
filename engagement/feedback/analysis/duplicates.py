"""Find responses that may be of one person, and record what staff decide. Nothing is blocked, and nothing deleted.

A form that is opened twice on the same phone writes to the same response, so what is left are people who answered again
from elsewhere. They are found by the email address they gave, and by long answers that say the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models.functions import Length

from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import (
    Answer,
    DuplicateDismissal,
    FeedbackRound,
    PropositionResponse,
    Respondent,
    Response,
    RoundEvent,
)
from engagement.feedback.schema import COMMENT_PARTS

#: Shorter answers are the same by chance.
MIN_TEXT_LENGTH = 80
SAME_ADDRESS, SAME_TEXT = "the same email address", "the same long answer"


@dataclass(frozen=True, slots=True)
class SuspectedDuplicate:
    """A response and the first one it may repeat (their keys), and why."""

    response: int
    first: int
    reasons: tuple[str, ...]


def suspected_duplicates(round_: FeedbackRound) -> list[SuspectedDuplicate]:
    """List the pairs that nobody has decided on, in the order of responses. Seven queries."""
    counted = Response.objects.filter(round=round_).counted().order_by()
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    for reason, fingerprints in ((SAME_ADDRESS, _addresses(counted)), (SAME_TEXT, _long_texts(counted))):
        for pair in _repeats(fingerprints):
            if reason not in reasons[pair]:
                reasons[pair].append(reason)
    dismissed = set(DuplicateDismissal.objects.filter(response__round=round_).values_list("response", "other"))
    return [SuspectedDuplicate(*pair, tuple(why)) for pair, why in sorted(reasons.items()) if pair not in dismissed]


def _addresses(counted: Any) -> Iterator[tuple[int, str]]:
    people = Respondent.objects.filter(response__in=counted).exclude(address="").order_by("response")
    for response, address in people.values_list("response", "address").iterator():
        yield response, address.casefold()


def _long_texts(counted: Any) -> Iterator[tuple[int, str]]:
    """Hash the letters of long answers: line ends, blanks, case and punctuation make no difference."""
    columns: list[tuple[Any, str]] = [(Answer, "text"), *((PropositionResponse, part) for part in COMMENT_PARTS)]
    for model, column in columns:
        long = model.objects.filter(response__in=counted).annotate(size=Length(column))
        long = long.filter(size__gte=MIN_TEXT_LENGTH).order_by("response")
        for response, text in long.values_list("response", column).iterator():
            letters = "".join(character for character in text.casefold() if character.isalnum())
            yield response, f"{column} {blake2b(letters.encode(), digest_size=12).hexdigest()}"


def _repeats(fingerprints: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for response, fingerprint in fingerprints:
        if first.setdefault(fingerprint, response) != response:
            yield response, first[fingerprint]


@contextmanager
def _locked_pair(response: Response, first: Response) -> Iterator[tuple[Any, Any]]:
    """Open a transaction in which two responses are locked. Raises RefusedError unless both are of one round."""
    with transaction.atomic():
        rows: Any = Response.objects.select_for_update(of=("self",)).select_related("round").order_by("pk")
        locked = {row.pk: row for row in rows.filter(pk__in=(response.pk, first.pk))}
        pair = locked[response.pk], locked[first.pk]
        if pair[0].round_id != pair[1].round_id:
            raise RefusedError("They belong to different rounds.")
        if any(row.state not in Response.SENT for row in pair):
            raise RefusedError("One of the two was withdrawn.")
        yield pair


def mark_duplicate(response: Response, first: Response, by: Any) -> None:
    """Count ``response`` no more: the same person had sent ``first``. Raises RefusedError."""
    with _locked_pair(response, first) as (duplicate, original):
        if duplicate.pk == original.pk:
            raise RefusedError("A response is no duplicate of itself.")
        if original.duplicate_of_id:
            raise RefusedError(f"{original} is marked as a duplicate itself. Choose the one that is counted.")
        duplicate.duplicate_of = original
        duplicate.save(update_fields=["duplicate_of"])
        # One that is counted stands behind all of them.
        duplicate.duplicates.update(duplicate_of=original)
        RoundEvent.write(duplicate.round, "marked duplicate", by, f"of {original}", response=duplicate)
        duplicate.round.invalidate_results()
    response.duplicate_of = original


def unmark_duplicate(response: Response, by: Any) -> None:
    """Count a response again. Raises RefusedError for one that isn't marked."""
    with transaction.atomic():
        locked: Any = Response.objects.select_for_update(of=("self",)).select_related("round").get(pk=response.pk)
        if locked.duplicate_of_id is None:
            raise RefusedError("It isn’t marked as a duplicate.")
        locked.duplicate_of = None
        locked.save(update_fields=["duplicate_of"])
        RoundEvent.write(locked.round, "unmarked duplicate", by, response=locked)
        locked.round.invalidate_results()
    response.duplicate_of = None


def mark_distinct(response: Response, first: Response, by: Any) -> None:
    """Record that two responses are of two people, so that nobody is asked again. Raises RefusedError."""
    with _locked_pair(response, first) as (later, earlier):
        _, is_new = DuplicateDismissal.objects.get_or_create(response=later, other=earlier, defaults={"by": by})
        if is_new:
            RoundEvent.write(later.round, "found distinct", by, f"from {earlier}", response=later)

"""Words on the wall of a room: what people wrote, each let onto it by the facilitator, and none copied."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from engagement.feedback.form import Rated
from engagement.feedback.models import Approval, FeedbackRound, Response, Wall
from engagement.feedback.places import hidden_by_place, without, words_of
from engagement.feedback.reporting.words import quotable
from engagement.feedback.wall import Asked, log

__all__ = ["LONGEST", "Words", "approve", "may_be_shown", "take_off", "words_on", "words_to_approve"]

#: Nobody reads more from the back row.
LONGEST = 250
#: How many people's words stand there together, the newest ones.
MOST_SHOWN = 4
MOST_TO_APPROVE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, as it would stand on the wall. ``approval`` is 0 while it doesn't."""

    response: int
    place: str
    text: str
    digest: str
    approval: int = 0


def shown_of(feedback_round: FeedbackRound) -> QuerySet[Response]:
    """Responses whose words may be shown to others: as the round promised when it was answered."""
    return quotable(Response.objects.filter(round=feedback_round), at="")


def may_be_shown(feedback_round: FeedbackRound) -> bool:
    """Whether anybody's words may stand on a wall of this round."""
    return feedback_round.publish_policy != FeedbackRound.Publish.NOTHING


def words_on(feedback_round: FeedbackRound, asked: Asked | None) -> list[Words]:
    """The words that stand on the wall: approved, unchanged since, and still allowed. The newest first."""
    if asked is None or not asked.places or not may_be_shown(feedback_round):
        return []
    responses = _with_words(feedback_round).filter(approvals__place__in=asked.places)
    shown = responses.order_by("-approvals__at", "-approvals__pk").distinct()[: 4 * MOST_SHOWN]
    found: list[Words] = []
    for response in shown:
        found += [one for one in _words(response, asked) if one.approval and one not in found]
    return found[:MOST_SHOWN]


def words_to_approve(feedback_round: FeedbackRound, asked: Asked | None) -> list[Words]:
    """What people wrote that is short enough for the wall, approved or not, the newest first."""
    if asked is None or not asked.places or not may_be_shown(feedback_round):
        return []
    responses = _with_words(feedback_round)
    if isinstance(asked.what, Rated):
        responses = responses.filter(stances__proposition=asked.what.proposition)
    else:
        responses = responses.filter(answers__question=asked.key)
    newest = responses.order_by("-submitted_at", "-pk")[:MOST_TO_APPROVE]
    return [words for response in newest for words in _words(response, asked)]


def _with_words(feedback_round: FeedbackRound) -> QuerySet[Response]:
    return shown_of(feedback_round).prefetch_related("answers", "stances", "redactions", "approvals")


def _words(response: Response, asked: Asked) -> Iterable[Words]:
    written, hidden = words_of(response), hidden_by_place(response)
    approved = {one.place: one for one in response.approvals.all()}
    for place in asked.places:
        whole = written.get(place, "")
        text = without(whole, hidden.get(place, ())).strip()
        if not text or len(text) > LONGEST:
            continue
        digest, approval = digest_of(whole), approved.get(place)
        number = approval.pk if approval and approval.digest == digest else 0
        yield Words(response.pk, place, text, digest, number)


def digest_of(words: str) -> str:
    """By which words are known again without keeping them."""
    return sha256(words.encode()).hexdigest()


def approve(wall: Wall, asked: Asked, response: int, place: str, digest: str, by: Any) -> bool:
    """Let words onto the wall, exactly as they were looked at. False when they were changed or withdrawn since."""
    with transaction.atomic():
        found = shown_of(wall.session.round).filter(pk=response).prefetch_related("answers", "stances").first()
        words = words_of(found).get(place, "") if found and place in asked.places else ""
        if found is None or not words or digest_of(words) != digest:
            return False
        Approval.objects.update_or_create(
            response=found,
            place=place,
            defaults={"start": 0, "end": len(words), "digest": digest, "by": by, "at": timezone.now()},
        )
        log(wall, by, "words approved", found)
    return True


def take_off(wall: Wall, approval: int, by: Any) -> None:
    """Take words off the wall; those of another round stay where they are."""
    with transaction.atomic():
        rows = Approval.objects.filter(pk=approval, response__round=wall.session.round_id)
        if found := rows.select_related("response").first():
            log(wall, by, "words taken off", found.response)
            found.delete()

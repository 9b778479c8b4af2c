"""Words on the wall of a room: what people wrote, each let onto it by the facilitator, and none copied."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from engagement.feedback.models import Approval, FeedbackRound, Response, Wall
from engagement.feedback.reporting.quotations import quotable
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import apply_redactions, redactions_by_anchor
from engagement.feedback.schema import RatedProposition
from engagement.feedback.wall.live_results import WallQuestion, log_wall_event

__all__ = [
    "MAX_QUOTE_LENGTH",
    "WallQuote",
    "approve_quote",
    "approved_quotes",
    "quotes_allowed",
    "quotes_to_approve",
    "remove_quote",
]

#: Nobody reads more from the back row.
MAX_QUOTE_LENGTH = 250
#: How many people's words stand there together, the newest ones.
MAX_QUOTES_SHOWN = 4
MAX_QUOTES_LISTED = 60


@dataclass(frozen=True, slots=True)
class WallQuote:
    """What somebody wrote, as it would stand on the wall. ``approval`` is 0 while it doesn't."""

    response: int
    anchor: str
    text: str
    digest: str
    approval: int = 0


def quotable_responses(feedback_round: FeedbackRound) -> QuerySet[Response]:
    """Responses whose words may be shown to others: as the round promised when it was answered."""
    return quotable(Response.objects.filter(round=feedback_round), prefix="")


def quotes_allowed(feedback_round: FeedbackRound) -> bool:
    """Whether anybody's words may stand on a wall of this round."""
    return feedback_round.publish_policy != FeedbackRound.Publish.NOTHING


def approved_quotes(feedback_round: FeedbackRound, asked: WallQuestion | None) -> list[WallQuote]:
    """The words that stand on the wall: approved, unchanged since, and still allowed. The newest first."""
    if asked is None or not asked.anchors or not quotes_allowed(feedback_round):
        return []
    responses = _with_words(feedback_round).filter(approvals__anchor__in=asked.anchors)
    shown = responses.order_by("-approvals__at", "-approvals__pk").distinct()[: 4 * MAX_QUOTES_SHOWN]
    found: list[WallQuote] = []
    for response in shown:
        found += [one for one in _words(response, asked) if one.approval and one not in found]
    return found[:MAX_QUOTES_SHOWN]


def quotes_to_approve(feedback_round: FeedbackRound, asked: WallQuestion | None) -> list[WallQuote]:
    """What people wrote that is short enough for the wall, approved or not, the newest first."""
    if asked is None or not asked.anchors or not quotes_allowed(feedback_round):
        return []
    responses = _with_words(feedback_round)
    if isinstance(asked.what, RatedProposition):
        responses = responses.filter(stances__proposition=asked.what.proposition)
    else:
        responses = responses.filter(answers__question=asked.key)
    newest = responses.order_by("-submitted_at", "-pk")[:MAX_QUOTES_LISTED]
    return [words for response in newest for words in _words(response, asked)]


def _with_words(feedback_round: FeedbackRound) -> QuerySet[Response]:
    return quotable_responses(feedback_round).prefetch_related("answers", "stances", "redactions", "approvals")


def _words(response: Response, asked: WallQuestion) -> Iterable[WallQuote]:
    written, hidden = texts_by_anchor(response), redactions_by_anchor(response)
    approved = {one.anchor: one for one in response.approvals.all()}
    for place in asked.anchors:
        whole = written.get(place, "")
        text = apply_redactions(whole, hidden.get(place, ())).strip()
        if not text or len(text) > MAX_QUOTE_LENGTH:
            continue
        digest, approval = hash_text(whole), approved.get(place)
        number = approval.pk if approval and approval.digest == digest else 0
        yield WallQuote(response.pk, place, text, digest, number)


def hash_text(words: str) -> str:
    """By which words are known again without keeping them."""
    return sha256(words.encode()).hexdigest()


def approve_quote(wall: Wall, asked: WallQuestion, response: int, anchor: str, digest: str, by: Any) -> bool:
    """Let words onto the wall, exactly as they were looked at. False when they were changed or withdrawn since."""
    with transaction.atomic():
        found = (
            quotable_responses(wall.session.round).filter(pk=response).prefetch_related("answers", "stances").first()
        )
        words = texts_by_anchor(found).get(anchor, "") if found and anchor in asked.anchors else ""
        if found is None or not words or hash_text(words) != digest:
            return False
        Approval.objects.update_or_create(
            response=found,
            anchor=anchor,
            defaults={"start": 0, "end": len(words), "digest": digest, "by": by, "at": timezone.now()},
        )
        log_wall_event(wall, by, "words approved", found)
    return True


def remove_quote(wall: Wall, approval: int, by: Any) -> None:
    """Take words off the wall; those of another round stay where they are."""
    with transaction.atomic():
        rows = Approval.objects.filter(pk=approval, response__round=wall.session.round_id)
        if found := rows.select_related("response").first():
            log_wall_event(wall, by, "words taken off", found.response)
            found.delete()

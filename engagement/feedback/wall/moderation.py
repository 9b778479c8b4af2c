"""Quotes on the wall of a room: what people wrote, each approved by the facilitator, and none copied."""

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
#: How many people's quotes stand there together, the newest ones.
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


def quotable_responses(round_: FeedbackRound) -> QuerySet[Response]:
    """Responses whose words may be shown to others: as the round promised when it was answered."""
    return quotable(Response.objects.filter(round=round_), prefix="")


def quotes_allowed(round_: FeedbackRound) -> bool:
    """Whether anybody's words may stand on a wall of this round."""
    return round_.publish_policy != FeedbackRound.Publish.NOTHING


def approved_quotes(round_: FeedbackRound, question: WallQuestion | None) -> list[WallQuote]:
    """The quotes that stand on the wall: approved, unchanged since, and still allowed. The newest first."""
    if question is None or not question.anchors or not quotes_allowed(round_):
        return []
    responses = _with_texts(round_).filter(approvals__anchor__in=question.anchors)
    newest = responses.order_by("-approvals__at", "-approvals__pk").distinct()[: 4 * MAX_QUOTES_SHOWN]
    quotes: list[WallQuote] = []
    for response in newest:
        quotes += [quote for quote in _quotes(response, question) if quote.approval and quote not in quotes]
    return quotes[:MAX_QUOTES_SHOWN]


def quotes_to_approve(round_: FeedbackRound, question: WallQuestion | None) -> list[WallQuote]:
    """What people wrote that is short enough for the wall, approved or not, the newest first."""
    if question is None or not question.anchors or not quotes_allowed(round_):
        return []
    responses = _with_texts(round_)
    if isinstance(question.what, RatedProposition):
        responses = responses.filter(stances__proposition=question.what.proposition)
    else:
        responses = responses.filter(answers__question=question.key)
    newest = responses.order_by("-submitted_at", "-pk")[:MAX_QUOTES_LISTED]
    return [quote for response in newest for quote in _quotes(response, question)]


def _with_texts(round_: FeedbackRound) -> QuerySet[Response]:
    return quotable_responses(round_).prefetch_related("answers", "stances", "redactions", "approvals")


def _quotes(response: Response, question: WallQuestion) -> Iterable[WallQuote]:
    texts, redactions = texts_by_anchor(response), redactions_by_anchor(response)
    approvals = {approval.anchor: approval for approval in response.approvals.all()}
    for anchor in question.anchors:
        whole = texts.get(anchor, "")
        text = apply_redactions(whole, redactions.get(anchor, ())).strip()
        if not text or len(text) > MAX_QUOTE_LENGTH:
            continue
        digest, approval = hash_text(whole), approvals.get(anchor)
        is_approved = approval is not None and approval.digest == digest
        yield WallQuote(response.pk, anchor, text, digest, approval.pk if approval and is_approved else 0)


def hash_text(text: str) -> str:
    """A hash by which a text is known again without keeping it."""
    return sha256(text.encode()).hexdigest()


def approve_quote(wall: Wall, question: WallQuestion, response: int, anchor: str, digest: str, by: Any) -> bool:
    """Approve a text exactly as it was looked at. False when it was changed or withdrawn since."""
    with transaction.atomic():
        responses = quotable_responses(wall.session.round).prefetch_related("answers", "stances")
        found = responses.filter(pk=response).first()
        text = texts_by_anchor(found).get(anchor, "") if found and anchor in question.anchors else ""
        if found is None or not text or hash_text(text) != digest:
            return False
        Approval.objects.update_or_create(
            response=found,
            anchor=anchor,
            defaults={"start": 0, "end": len(text), "digest": digest, "by": by, "at": timezone.now()},
        )
        log_wall_event(wall, by, "words approved", found)
    return True


def remove_quote(wall: Wall, approval: int, by: Any) -> None:
    """Take a quote off the wall; those of another round stay where they are."""
    with transaction.atomic():
        approvals = Approval.objects.filter(pk=approval, response__round=wall.session.round_id)
        if found := approvals.select_related("response").first():
            log_wall_event(wall, by, "words taken off", found.response)
            found.delete()

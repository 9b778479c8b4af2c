"""Quotations as everybody may read them: of whom words may be shown, without what is redacted in them.

Nothing here is stored. Whether words may be shown is checked each time, so that a withdrawal, an erasure or a redaction
reaches what was published before.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from engagement.feedback.models import Coding, FeedbackRound, Quotation, Response
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import (
    REDACTION_MARK,
    apply_redactions,
    parse_part_anchor,
    redactions_by_anchor,
)

State, Publish = Response.State, FeedbackRound.Publish
#: Responses in these states are quoted nowhere, whatever their writers agreed to.
NEVER_QUOTED = (State.SAVED, State.WITHHELD, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quotation in words. ``name`` is empty where none stands under it."""

    pk: int
    text: str
    name: str
    theme: int | None
    proposition: int | None


def quotable(rows: QuerySet[Any], prefix: str = "response__") -> QuerySet[Any]:
    """Filter codings, quotations or responses to those whose words may be shown to everybody.

    ``prefix`` is the lookup that leads to the response: empty for responses themselves. In rounds that publish every
    answer: any that staff haven't withheld. In rounds that publish quotations: those of people who agreed to it. In
    others none.
    """
    agreed = Q((f"{prefix}round__publish_policy", Publish.QUOTES), (f"{prefix}respondent__may_quote", True))
    everybody = Q((f"{prefix}round__publish_policy", Publish.ANONYMOUS))
    counted = rows.filter(agreed | everybody, Q((f"{prefix}duplicate_of", None)))
    return counted.exclude(Q((f"{prefix}state__in", NEVER_QUOTED)))


def may_be_quoted(span: Coding | Quotation) -> bool:
    """Tell whether a span of an answer may be shown to everybody. One query."""
    return quotable(type(span)._default_manager.filter(pk=span.pk)).exists()


def published_quotations() -> QuerySet[Quotation]:
    """List quotations of rounds that were reported back, in their order."""
    published = Quotation.objects.filter(
        published_at__isnull=False, response__round__state=FeedbackRound.State.REPORTED
    )
    found: QuerySet[Quotation] = quotable(published)
    return found


def quoted_texts(spans: QuerySet[Any]) -> list[QuotedText]:
    """Load the words of quotations or codings, which must be ``quotable``. Four queries.

    One whose words are gone, or all redacted, is left out.
    """
    spans = spans.select_related("response__respondent").prefetch_related(
        "response__answers", "response__stances", "response__redactions"
    )
    found = []
    for span in spans:
        if text := visible_text(span):
            name = attribution(span) if getattr(span, "is_named", False) else ""
            about = parse_part_anchor(span.anchor)
            proposition = getattr(span, "proposition_id", None) or (about[0] if about else None)
            found.append(QuotedText(span.pk, text, name, getattr(span, "theme_id", None), proposition))
    return found


def visible_text(span: Any) -> str:
    """Cut out the words of a span, without what is redacted; empty if nothing is left of them."""
    text = texts_by_anchor(span.response).get(span.anchor, "")
    redactions = redactions_by_anchor(span.response).get(span.anchor, [])
    shown = " ".join(apply_redactions(text, redactions, span.start, span.end).split())
    return shown if shown.replace(REDACTION_MARK, "").strip(" .,;:–-…") else ""


def attribution(quotation: Quotation) -> str:
    """Name who said it and for whom they spoke, if they agreed to that; else nothing."""
    person = getattr(quotation.response, "respondent", None)
    if person is None or not person.may_quote:
        return ""
    return ", ".join(part for part in (person.name, person.organisation) if part)

"""People's words as everybody may read them: who may be quoted, without what is blacked out in them.

Nothing here is kept. Whether words may be shown is asked each time, so that a withdrawal, an erasure or a redaction
reaches what was published before.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from engagement.feedback.models import Coding, FeedbackRound, Quotation, Response
from engagement.feedback.responses.text_anchors import (
    REDACTION_MARK,
    apply_redactions,
    parse_part_anchor,
    redactions_by_anchor,
    texts_by_anchor,
)

__all__ = ["QuotedText", "may_be_quoted", "published_quotations", "quotable", "quoted_texts"]

State, Publish = Response.State, FeedbackRound.Publish
#: Answers in these states are shown to nobody, whatever their writers agreed to.
NEVER_QUOTED = (State.SAVED, State.WITHHELD, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quotation in words. ``name`` is empty where none stands under it."""

    pk: int
    text: str
    name: str
    theme: int | None
    proposition: int | None


def quotable(spans: QuerySet[Any], at: str = "response__") -> QuerySet[Any]:
    """Those of ``spans`` (codings or quotations) that may be shown to everybody, by what they are part of.

    ``at`` leads from one of them to its response: nothing, for responses themselves. In rounds that publish every
    answer: any that staff haven't withheld. In rounds that publish quotations: those of people who agreed to it. In
    others none.
    """
    agreed = Q((f"{at}round__publish_policy", Publish.QUOTES), (f"{at}respondent__may_quote", True))
    everybody = Q((f"{at}round__publish_policy", Publish.ANONYMOUS))
    return spans.filter(agreed | everybody, Q((f"{at}duplicate_of", None))).exclude(Q((f"{at}state__in", NEVER_QUOTED)))


def may_be_quoted(span: Coding | Quotation) -> bool:
    """Whether a stretch of an answer may be shown to everybody. One query."""
    return quotable(type(span)._default_manager.filter(pk=span.pk)).exists()


def published_quotations() -> QuerySet[Quotation]:
    """Quotations of rounds that were reported back, in their order."""
    shown = Quotation.objects.filter(published_at__isnull=False, response__round__state=FeedbackRound.State.REPORTED)
    found: QuerySet[Quotation] = quotable(shown)
    return found


def quoted_texts(quotations: QuerySet[Any]) -> list[QuotedText]:
    """The words of ``quotations``, which must be such as may be shown. Four queries, however many there are.

    One whose words are gone, or all blacked out, is left out.
    """
    found = []
    fetched = quotations.select_related("response__respondent").prefetch_related(
        "response__answers", "response__stances", "response__redactions"
    )
    for one in fetched:
        if text := visible_text(one):
            name = attribution(one) if getattr(one, "is_named", False) else ""
            at = parse_part_anchor(one.anchor)
            beside = getattr(one, "proposition_id", None) or (at[0] if at else None)
            found.append(QuotedText(one.pk, text, name, getattr(one, "theme_id", None), beside))
    return found


def visible_text(span: Any) -> str:
    """The words a span points at, without what is blacked out; nothing if nothing is left of them."""
    text = texts_by_anchor(span.response).get(span.anchor, "")
    hidden = redactions_by_anchor(span.response).get(span.anchor, [])
    shown = " ".join(apply_redactions(text, hidden, span.start, span.end).split())
    return shown if shown.replace(REDACTION_MARK, "").strip(" .,;:–-…") else ""


def attribution(quotation: Quotation) -> str:
    """Who said it, with their leave: the name, and for whom they spoke."""
    person = getattr(quotation.response, "respondent", None)
    if person is None or not person.may_quote:
        return ""
    return ", ".join(part for part in (person.name, person.organisation) if part)

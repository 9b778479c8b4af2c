"""Put codes and redactions on spans of what somebody wrote, and take them off."""

import re
from collections.abc import Iterable
from typing import Any

from engagement.feedback.analysis.permissions import RefusedError, locked_response
from engagement.feedback.models import Code, Coding, Redaction, Response, RoundEvent
from engagement.feedback.responses.saved_response import texts_by_anchor
from engagement.feedback.responses.text_anchors import redactions_by_anchor

Span = tuple[int, int]


def find_spans(text: str, words: str, *, any_case: bool = False) -> list[Span]:
    """Find ``words`` in ``text``, however their lines are broken: (start, end) of each. Without words, all of it.

    Words that are pasted into a form have line ends and blanks that differ from those that were typed. With
    ``any_case`` they are found in capitals and small letters, too, where they aren't part of a longer word.
    """
    parts = words.split()
    if not parts:
        return [(0, len(text))] if text else []
    pattern = r"\s+".join(re.escape(part) for part in parts)
    if any_case:
        pattern += rf"|(?<!\w)(?i:{pattern})(?!\w)"
    return [match.span() for match in re.finditer(pattern, text)]


def remaining_anchors(response: Response, words: str) -> list[str]:
    """List where in a response ``words`` stand, in any case, and aren't redacted. Three queries."""
    redactions = redactions_by_anchor(response)

    def is_redacted(anchor: str, start: int, end: int) -> bool:
        return any(span.start <= start and end <= span.end for span in redactions.get(anchor, ()))

    return [
        anchor
        for anchor, text in texts_by_anchor(response).items()
        if any(not is_redacted(anchor, *span) for span in find_spans(text, words, any_case=True))
    ]


def apply_codes(response: Response, anchor: str, span: Span, codes: Iterable[Code], by: Any) -> list[Coding]:
    """Give a span codes; those it has already from ``by`` stay. Raises RefusedError."""
    with locked_response(response) as locked:
        _check_span(locked, anchor, span)
        _check_coding_open(locked, by)
        codings = []
        for code in codes:
            if code.round_id != locked.round_id:
                raise RefusedError("That code belongs to another round.")
            coding, is_new = Coding.objects.get_or_create(
                response=locked, code=code, by=by, anchor=anchor, start=span[0], end=span[1]
            )
            if is_new:
                RoundEvent.write(locked.round, "coded", by, str(code), response=locked)
            codings.append(coding)
    return codings


def remove_code(response: Response, coding_pk: int, by: Any) -> None:
    """Remove a code that ``by`` gave. Raises RefusedError for anybody else's, and for one that isn't there."""
    with locked_response(response) as locked:
        _check_coding_open(locked, by)
        coding = locked.codings.filter(pk=coding_pk, by=by).select_related("code").first()
        if coding is None:
            raise RefusedError("That code isn’t there any more.")
        RoundEvent.write(locked.round, "code taken away", by, str(coding.code), response=locked)
        coding.delete()


def _check_span(response: Response, anchor: str, span: Span) -> None:
    start, end = span
    if not 0 <= start < end <= len(texts_by_anchor(response).get(anchor, "")):
        raise RefusedError("These words don’t stand there.")


def _check_coding_open(response: Response, by: Any) -> None:
    """Refuse changes by a coder who has completed the response: two are compared by what each found alone."""
    if response.completed_codings.filter(by=by).exists():
        raise RefusedError(
            "You are done with coding this response. Take that back first, if nobody coded it after you."
        )


def redact_spans(response: Response, anchor: str, spans: Iterable[Span], reason: str, by: Any) -> list[Redaction]:
    """Hide spans from everybody but those who read the response itself. Raises RefusedError."""
    with locked_response(response) as locked:
        redactions = []
        for start, end in spans:
            _check_span(locked, anchor, (start, end))
            span = {"anchor": anchor, "start": start, "end": end}
            redactions.append(Redaction.objects.create(response=locked, reason=reason, by=by, **span))
        label = Redaction.Reason(reason).label
        note = f"{label}, in {len(redactions)} places" if len(redactions) > 1 else label
        RoundEvent.write(locked.round, "blacked out", by, note, response=locked)
        locked.round.invalidate_results()
    return redactions


def remove_redaction(response: Response, redaction_pk: int, by: Any) -> None:
    """Show a redacted span again. Raises RefusedError for one that isn't there."""
    with locked_response(response) as locked:
        redaction = locked.redactions.filter(pk=redaction_pk).first()
        if redaction is None:
            raise RefusedError("That isn’t blacked out any more.")
        RoundEvent.write(locked.round, "shown again", by, redaction.get_reason_display(), response=locked)
        redaction.delete()
        locked.round.invalidate_results()

"""Codes and redactions on stretches of what somebody wrote: finding the words, marking them, taking marks away."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from engagement.feedback.analysis.permissions import RefusedError, invalidate_results, lock_response
from engagement.feedback.models import Code, Coding, Redaction, Response, RoundEvent
from engagement.feedback.responses.text_anchors import redactions_by_anchor, texts_by_anchor

__all__ = ["apply_codes", "find_spans", "redact_spans", "remaining_places", "remove_code", "remove_redaction"]


def find_spans(text: str, words: str, *, any_case: bool = False) -> list[tuple[int, int]]:
    """Where ``words`` stand in ``text``, however their lines are broken: each as (start, end). All of it for no words.

    Whoever pastes words into a form gets line ends and blanks that differ from those that were typed. With ``any_case``
    they are found in capitals and small letters, too, where they aren't part of a longer word.
    """
    parts = words.split()
    if not parts:
        return [(0, len(text))] if text else []
    pattern = r"\s+".join(re.escape(part) for part in parts)
    if any_case:
        pattern += rf"|(?<!\w)(?i:{pattern})(?!\w)"
    return [match.span() for match in re.finditer(pattern, text)]


def remaining_places(response: Response, words: str) -> list[str]:
    """The places of a response where ``words`` stand, in any case, and aren't blacked out. Three queries."""
    hidden = redactions_by_anchor(response)
    return [
        place
        for place, text in texts_by_anchor(response).items()
        if any(
            not any(one.start <= start and end <= one.end for one in hidden.get(place, ()))
            for start, end in find_spans(text, words, any_case=True)
        )
    ]


def apply_codes(response: Response, anchor: str, span: tuple[int, int], codes: Iterable[Code], by: Any) -> list[Coding]:
    """Give a stretch one code or several; those it has already from ``by`` stay. Raises RefusedError."""
    with transaction.atomic():
        found = lock_response(response)
        _check_span(found, anchor, span)
        _check_coding_open(found, by)
        given = []
        for code in codes:
            if code.round_id != found.round_id:
                raise RefusedError("That code belongs to another round.")
            where: dict[str, Any] = {"anchor": anchor, "start": span[0], "end": span[1]}
            coding, is_new = Coding.objects.get_or_create(response=found, code=code, by=by, **where)
            if is_new:
                RoundEvent.write(found.round, "coded", by, str(code), found)
            given.append(coding)
    return given


def remove_code(response: Response, coding: int, by: Any) -> None:
    """Take away a code that ``by`` gave. Raises RefusedError for anybody else's, and for one that isn't there."""
    with transaction.atomic():
        found = lock_response(response)
        _check_coding_open(found, by)
        one = found.codings.filter(pk=coding, by=by).select_related("code").first()
        if one is None:
            raise RefusedError("That code isn’t there any more.")
        RoundEvent.write(found.round, "code taken away", by, str(one.code), found)
        one.delete()


def _check_span(response: Response, anchor: str, span: tuple[int, int]) -> None:
    start, end = span
    if not 0 <= start < end <= len(texts_by_anchor(response).get(anchor, "")):
        raise RefusedError("These words don’t stand there.")


def _check_coding_open(response: Response, by: Any) -> None:
    """Two coders are compared by what each found alone: what one of them handed in stays as it was."""
    if response.completed_codings.filter(by=by).exists():
        raise RefusedError(
            "You are done with coding this response. Take that back first, if nobody coded it after you."
        )


def redact_spans(
    response: Response, anchor: str, spans: Iterable[tuple[int, int]], reason: str, by: Any
) -> list[Redaction]:
    """Keep stretches from everybody who doesn't read the record itself. Raises RefusedError."""
    with transaction.atomic():
        found = lock_response(response)
        hidden = []
        for span in spans:
            _check_span(found, anchor, span)
            hidden.append(
                Redaction.objects.create(
                    response=found, anchor=anchor, start=span[0], end=span[1], reason=reason, by=by
                )
            )
        why = Redaction.Reason(reason).label
        RoundEvent.write(
            found.round, "blacked out", by, f"{why}, in {len(hidden)} places" if hidden[1:] else why, found
        )
        invalidate_results(found.round)
    return hidden


def remove_redaction(response: Response, redaction: int, by: Any) -> None:
    """Black out a stretch no longer. Raises RefusedError for one that isn't there."""
    with transaction.atomic():
        found = lock_response(response)
        one = found.redactions.filter(pk=redaction).first()
        if one is None:
            raise RefusedError("That isn’t blacked out any more.")
        RoundEvent.write(found.round, "shown again", by, one.get_reason_display(), found)
        one.delete()
        invalidate_results(found.round)

"""Anchors of texts in a response: a code, a redaction or a quotation points at words by them, and copies none.

An anchor is the key of a question, or the key of a proposition and one of the comments on it: ``p12-comment``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engagement.feedback.models import Response
from engagement.feedback.schema import COMMENT_PARTS, proposition_id_of, proposition_key

__all__ = [
    "REDACTION_MARK",
    "RedactedSpan",
    "apply_redactions",
    "parse_part_anchor",
    "part_anchor",
    "redactions_by_anchor",
]

#: Stands where words are redacted.
REDACTION_MARK = "[…]"


@dataclass(frozen=True, slots=True)
class RedactedSpan:
    """Words not to be shown: from the character ``start`` up to, and without, the character ``end``."""

    start: int
    end: int


def part_anchor(proposition_id: int, part: str) -> str:
    """The anchor of one comment (see COMMENT_PARTS) on a proposition."""
    return f"{proposition_key(proposition_id)}-{part}"


def parse_part_anchor(anchor: str) -> tuple[int, str] | None:
    """The proposition and the part of an anchor that is about one; None for the key of a question."""
    key, dash, part = anchor.partition("-")
    if dash and key[:1] == "p" and key[1:].isdecimal() and part in COMMENT_PARTS:
        return proposition_id_of(key), part
    return None


def apply_redactions(text: str, redactions: Iterable[RedactedSpan], start: int = 0, end: int | None = None) -> str:
    """``text`` from ``start`` to ``end``, with REDACTION_MARK for each stretch that is redacted; they may overlap."""
    end = len(text) if end is None else min(end, len(text))
    shown, position = [], start
    for span in sorted(redactions, key=lambda span: (span.start, span.end)):
        if span.end <= position or span.start >= end:
            continue
        if span.start > position:
            shown.append(text[position : span.start])
        if not shown or shown[-1] != REDACTION_MARK:
            shown.append(REDACTION_MARK)
        position = max(position, span.end)
    if position < end:
        shown.append(text[position:end])
    return "".join(shown)


def redactions_by_anchor(response: Response) -> Mapping[str, list[RedactedSpan]]:
    """What is redacted in a response. One query; none if ``redactions`` were prefetched."""
    found: dict[str, list[RedactedSpan]] = {}
    for redaction in response.redactions.all():
        found.setdefault(redaction.anchor, []).append(RedactedSpan(redaction.start, redaction.end))
    return found

"""Where words stand in a response, so that a code, a redaction or a quotation can point at them without copying them.

A place is the key of a question, or the key of a rated proposition and one of its parts: ``p12-comment``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engagement.feedback.models import Response
from engagement.feedback.responses.parsing import COMMENT_PARTS

__all__ = [
    "REDACTION_MARK",
    "RedactedSpan",
    "apply_redactions",
    "parse_part_anchor",
    "part_anchor",
    "redactions_by_anchor",
    "texts_by_anchor",
]

#: Stands where words were blacked out.
REDACTION_MARK = "[…]"


@dataclass(frozen=True, slots=True)
class RedactedSpan:
    """Words not to be shown: from the character ``start`` up to, and without, the character ``end``."""

    start: int
    end: int


def part_anchor(proposition: int, part: str) -> str:
    """The place of one part (see PARTS) of what was said about a proposition."""
    return f"p{proposition}-{part}"


def parse_part_anchor(anchor: str) -> tuple[int, str] | None:
    """The proposition and the part of a place that is about one; None for the key of a question."""
    key, dash, part = anchor.partition("-")
    if dash and key[:1] == "p" and key[1:].isdecimal() and part in COMMENT_PARTS:
        return int(key[1:]), part
    return None


def texts_by_anchor(response: Response) -> dict[str, str]:
    """Everything that is written in a response, by place: what was typed, as it was typed.

    Two queries; none, if ``answers`` and ``stances`` were prefetched.
    """
    words = {str(one.question): one.text for one in response.answers.all() if one.text}
    for stance in response.stances.all():
        for part in COMMENT_PARTS:
            if text := getattr(stance, part):
                words[part_anchor(stance.proposition_id, part)] = text
    return words


def apply_redactions(text: str, hidden: Iterable[RedactedSpan], start: int = 0, end: int | None = None) -> str:
    """``text`` from ``start`` to ``end``, with BLACKED_OUT for each stretch that is hidden. Stretches may overlap."""
    end = len(text) if end is None else min(end, len(text))
    shown, at = [], start
    for one in sorted(hidden, key=lambda one: (one.start, one.end)):
        if one.end <= at or one.start >= end:
            continue
        if one.start > at:
            shown.append(text[at : one.start])
        if not shown or shown[-1] != REDACTION_MARK:
            shown.append(REDACTION_MARK)
        at = max(at, one.end)
    if at < end:
        shown.append(text[at:end])
    return "".join(shown)


def redactions_by_anchor(response: Response) -> Mapping[str, list[RedactedSpan]]:
    """What is blacked out in a response, by place. One query; none, if ``redactions`` were prefetched."""
    found: dict[str, list[RedactedSpan]] = {}
    for one in response.redactions.all():
        found.setdefault(one.anchor, []).append(RedactedSpan(one.start, one.end))
    return found

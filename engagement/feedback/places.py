"""Where words stand in a response, so that a code, a redaction or a quotation can point at them without copying them.

A place is the key of a question, or the key of a rated proposition and one of its parts: ``p12-comment``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engagement.feedback.models import Response
from engagement.feedback.reading import PARTS

__all__ = ["BLACKED_OUT", "Hidden", "hidden_by_place", "place_of_part", "read_place", "without", "words_of"]

#: Stands where words were blacked out.
BLACKED_OUT = "[…]"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Words not to be shown: from the character ``start`` up to, and without, the character ``end``."""

    start: int
    end: int


def place_of_part(proposition: int, part: str) -> str:
    """The place of one part (see PARTS) of what was said about a proposition."""
    return f"p{proposition}-{part}"


def read_place(place: str) -> tuple[int, str] | None:
    """The proposition and the part of a place that is about one; None for the key of a question."""
    key, dash, part = place.partition("-")
    if dash and key[:1] == "p" and key[1:].isdecimal() and part in PARTS:
        return int(key[1:]), part
    return None


def words_of(response: Response) -> dict[str, str]:
    """Everything that is written in a response, by place: what was typed, as it was typed.

    Two queries; none, if ``answers`` and ``stances`` were prefetched.
    """
    words = {str(one.question): one.text for one in response.answers.all() if one.text}
    for stance in response.stances.all():
        for part in PARTS:
            if text := getattr(stance, part):
                words[place_of_part(stance.proposition_id, part)] = text
    return words


def without(text: str, hidden: Iterable[Hidden], start: int = 0, end: int | None = None) -> str:
    """``text`` from ``start`` to ``end``, with BLACKED_OUT for each stretch that is hidden. Stretches may overlap."""
    end = len(text) if end is None else min(end, len(text))
    shown, at = [], start
    for one in sorted(hidden, key=lambda one: (one.start, one.end)):
        if one.end <= at or one.start >= end:
            continue
        if one.start > at:
            shown.append(text[at : one.start])
        if not shown or shown[-1] != BLACKED_OUT:
            shown.append(BLACKED_OUT)
        at = max(at, one.end)
    if at < end:
        shown.append(text[at:end])
    return "".join(shown)


def hidden_by_place(response: Response) -> Mapping[str, list[Hidden]]:
    """What is blacked out in a response, by place. One query; none, if ``redactions`` were prefetched."""
    found: dict[str, list[Hidden]] = {}
    for one in response.redactions.all():
        found.setdefault(one.place, []).append(Hidden(one.start, one.end))
    return found

"""Every answer in words that was checked and published, each by itself, in an order that says nothing.

However much was written, only what the order is made of is held at once: some 200 bytes for each answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Redaction, Response
from engagement.feedback.places import BLACKED_OUT, Hidden, place_of_part, without
from engagement.feedback.reading import PARTS
from engagement.post.signing import sign

__all__ = ["Words", "open_words"]

CHUNK = 500
#: By what it is sorted, which part of what was said about a proposition (empty for the answer to a question), its row.
Key = tuple[bytes, str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """What was said in one place, by nobody in particular."""

    place: str
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """The same as it was written, with the key of the response."""

    response: int
    words: Words


def open_words(feedback_round: FeedbackRound) -> Iterator[Words]:
    """All of them, without what is blacked out. Four queries, and three more for every 500."""
    keys = sorted(_keys(feedback_round))
    for start in range(0, len(keys), CHUNK):
        yield from _shown(keys[start : start + CHUNK])


def _keys(feedback_round: FeedbackRound) -> Iterator[Key]:
    published = feedback_round.responses.counted().filter(state=Response.State.PUBLISHED).order_by().values("pk")
    answers = Answer.objects.filter(response__in=published).exclude(text="").order_by()
    for pk, response, question in answers.values_list("pk", "response", "question").iterator():
        yield _order(response, str(question)), "", pk
    stances = PropositionResponse.objects.filter(response__in=published).order_by()
    for part in PARTS:
        written = stances.exclude(**{part: ""}).values_list("pk", "response", "proposition")
        for pk, response, proposition in written.iterator():
            yield _order(response, place_of_part(proposition, part)), part, pk


def _order(response: int, place: str) -> bytes:
    return sha256(sign("open-data", f"{response}:{place}".encode(), 32)).digest()[:16]


def _shown(keys: Sequence[Key]) -> Iterator[Words]:
    written = _answers([pk for _, part, pk in keys if not part]) | _said([key for key in keys if key[1]])
    hidden: dict[tuple[int, str], list[Hidden]] = {}
    redactions = Redaction.objects.filter(response__in={one.response for one in written.values()})
    for response, place, start, end in redactions.values_list("response", "place", "start", "end"):
        hidden.setdefault((response, place), []).append(Hidden(start, end))
    for _, part, pk in keys:
        one = written.get((part, pk))
        if one is None:
            # It was taken back a moment ago.
            continue
        words = one.words
        text = without(words.text, hidden.get((one.response, words.place), ()))
        if text.replace(BLACKED_OUT, "").strip():
            yield Words(words.place, words.version, text)


def _answers(rows: Sequence[int]) -> dict[tuple[str, int], Written]:
    found = Answer.objects.filter(pk__in=rows, response__state=Response.State.PUBLISHED)
    return {
        ("", pk): Written(response, Words(str(question), None, text))
        for pk, response, question, text in found.values_list("pk", "response", "question", "text")
    }


def _said(keys: Sequence[Key]) -> dict[tuple[str, int], Written]:
    rows = {pk for _, _, pk in keys}
    found = PropositionResponse.objects.filter(pk__in=rows, response__state=Response.State.PUBLISHED)
    by_row: dict[int, dict[str, Any]] = {
        one["pk"]: one for one in found.values("pk", "response", "proposition", "version__number", *PARTS)
    }
    made = {}
    for _, part, pk in keys:
        if one := by_row.get(pk):
            words = Words(place_of_part(one["proposition"], part), one["version__number"], one[part])
            made[part, pk] = Written(one["response"], words)
    return made

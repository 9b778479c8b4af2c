"""Every answer in words that was checked and published, each by itself, in an order that says nothing.

However much was written, only what the order is made of is held at once: some 200 bytes for each answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Redaction, Response
from engagement.feedback.responses.parsing import COMMENT_PARTS
from engagement.feedback.responses.text_anchors import REDACTION_MARK, RedactedSpan, apply_redactions, part_anchor
from engagement.mail.signing import sign

__all__ = ["OpenAnswer", "open_answers"]

CHUNK = 500
#: By what it is sorted, which part of what was said about a proposition (empty for the answer to a question), its row.
SortKey = tuple[bytes, str, int]


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What was said in one place, by nobody in particular."""

    anchor: str
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The same as it was written, with the key of the response."""

    response: int
    words: OpenAnswer


def open_answers(feedback_round: FeedbackRound) -> Iterator[OpenAnswer]:
    """All of them, without what is blacked out. Four queries, and three more for every 500."""
    keys = sorted(_sort_keys(feedback_round))
    for start in range(0, len(keys), CHUNK):
        yield from _redacted(keys[start : start + CHUNK])


def _sort_keys(feedback_round: FeedbackRound) -> Iterator[SortKey]:
    published = feedback_round.responses.counted().filter(state=Response.State.PUBLISHED).order_by().values("pk")
    answers = Answer.objects.filter(response__in=published).exclude(text="").order_by()
    for pk, response, question in answers.values_list("pk", "response", "question").iterator():
        yield _shuffle_key(response, str(question)), "", pk
    stances = PropositionResponse.objects.filter(response__in=published).order_by()
    for part in COMMENT_PARTS:
        written = stances.exclude(**{part: ""}).values_list("pk", "response", "proposition")
        for pk, response, proposition in written.iterator():
            yield _shuffle_key(response, part_anchor(proposition, part)), part, pk


def _shuffle_key(response: int, anchor: str) -> bytes:
    return sha256(sign("open-data", f"{response}:{anchor}".encode(), 32)).digest()[:16]


def _redacted(keys: Sequence[SortKey]) -> Iterator[OpenAnswer]:
    written = _question_answers([pk for _, part, pk in keys if not part]) | _proposition_answers(
        [key for key in keys if key[1]]
    )
    hidden: dict[tuple[int, str], list[RedactedSpan]] = {}
    redactions = Redaction.objects.filter(response__in={one.response for one in written.values()})
    for response, place, start, end in redactions.values_list("response", "anchor", "start", "end"):
        hidden.setdefault((response, place), []).append(RedactedSpan(start, end))
    for _, part, pk in keys:
        one = written.get((part, pk))
        if one is None:
            # It was taken back a moment ago.
            continue
        words = one.words
        text = apply_redactions(words.text, hidden.get((one.response, words.anchor), ()))
        if text.replace(REDACTION_MARK, "").strip():
            yield OpenAnswer(words.anchor, words.version, text)


def _question_answers(rows: Sequence[int]) -> dict[tuple[str, int], StoredAnswer]:
    found = Answer.objects.filter(pk__in=rows, response__state=Response.State.PUBLISHED)
    return {
        ("", pk): StoredAnswer(response, OpenAnswer(str(question), None, text))
        for pk, response, question, text in found.values_list("pk", "response", "question", "text")
    }


def _proposition_answers(keys: Sequence[SortKey]) -> dict[tuple[str, int], StoredAnswer]:
    rows = {pk for _, _, pk in keys}
    found = PropositionResponse.objects.filter(pk__in=rows, response__state=Response.State.PUBLISHED)
    by_row: dict[int, dict[str, Any]] = {
        one["pk"]: one for one in found.values("pk", "response", "proposition", "version__number", *COMMENT_PARTS)
    }
    made = {}
    for _, part, pk in keys:
        if one := by_row.get(pk):
            words = OpenAnswer(part_anchor(one["proposition"], part), one["version__number"], one[part])
            made[part, pk] = StoredAnswer(one["response"], words)
    return made

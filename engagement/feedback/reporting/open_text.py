"""Publish every answer in words that was checked, each by itself, in an order that says nothing.

However much was written, only what the order is made of is held at once: some 200 bytes for each answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Redaction, Response
from engagement.feedback.responses.text_anchors import REDACTION_MARK, RedactedSpan, apply_redactions, part_anchor
from engagement.feedback.schema import COMMENT_PARTS
from engagement.mail.signing import sign

CHUNK_SIZE = 500
#: By what it is sorted, then the response and the anchor of an answer.
SortKey = tuple[bytes, int, str]


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What was written at one anchor, by nobody in particular; ``version`` is that of a proposition."""

    anchor: str
    version: int | None
    text: str


def open_answers(round_: FeedbackRound) -> Iterator[OpenAnswer]:
    """Yield all published answers, without what is redacted. Four queries, and three more for every 500."""
    keys = sorted(_sort_keys(round_))
    for start in range(0, len(keys), CHUNK_SIZE):
        yield from _load(keys[start : start + CHUNK_SIZE])


def _sort_keys(round_: FeedbackRound) -> Iterator[SortKey]:
    published = round_.responses.counted().filter(state=Response.State.PUBLISHED).order_by().values("pk")
    answers = Answer.objects.filter(response__in=published).exclude(text="").order_by()
    for response, question in answers.values_list("response", "question").iterator():
        yield _sort_key(response, str(question))
    stances = PropositionResponse.objects.filter(response__in=published).order_by()
    for part in COMMENT_PARTS:
        written = stances.exclude(**{part: ""}).values_list("response", "proposition")
        for response, proposition in written.iterator():
            yield _sort_key(response, part_anchor(proposition, part))


def _sort_key(response: int, anchor: str) -> SortKey:
    signature = sign("open-data", f"{response}:{anchor}".encode(), 32)
    return sha256(signature).digest()[:16], response, anchor


def _load(keys: Sequence[SortKey]) -> Iterator[OpenAnswer]:
    """Load the answers of ``keys``; one that was withheld or withdrawn a moment ago is left out."""
    responses = {response for _, response, _ in keys}
    published = {"response__in": responses, "response__state": Response.State.PUBLISHED}
    answers: dict[tuple[int, str], OpenAnswer] = {}
    written = Answer.objects.filter(**published).values_list("response", "question", "text")
    for response, question, text in written:
        answers[response, str(question)] = OpenAnswer(str(question), None, text)
    columns = ("response", "proposition", "version__number", *COMMENT_PARTS)
    for response, proposition, version, *texts in PropositionResponse.objects.filter(**published).values_list(*columns):
        for part, text in zip(COMMENT_PARTS, texts, strict=True):
            anchor = part_anchor(proposition, part)
            answers[response, anchor] = OpenAnswer(anchor, version, text)
    redactions: dict[tuple[int, str], list[RedactedSpan]] = {}
    spans = Redaction.objects.filter(response__in=responses).values_list("response", "anchor", "start", "end")
    for response, anchor, start, end in spans:
        redactions.setdefault((response, anchor), []).append(RedactedSpan(start, end))
    for _, response, anchor in keys:
        if answer := answers.get((response, anchor)):
            text = apply_redactions(answer.text, redactions.get((response, anchor), ()))
            if text.replace(REDACTION_MARK, "").strip():
                yield OpenAnswer(anchor, answer.version, text)

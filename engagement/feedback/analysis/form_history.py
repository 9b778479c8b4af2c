"""Everything that any version of a round's form asked, in one form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.responses.text_anchors import parse_part_anchor, part_anchor
from engagement.feedback.schema import (
    COMMENT_PARTS,
    STANCES,
    FormPage,
    FormSchema,
    Question,
    RatedProposition,
    proposition_id_of,
)

#: The key of the page that holds what only earlier versions of a form asked.
EARLIER_PAGE_KEY = "earlier"


class AskedAt(NamedTuple):
    """What was asked at an anchor; all are empty for what no version of the form has."""

    ref: str = ""
    text: str = ""
    #: Of a proposition: which part of what was said about it.
    part: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a response says. ``kind`` is “stance”, a part of COMMENT_PARTS, or the kind of the question."""

    anchor: str
    kind: str
    texts: tuple[str, ...]
    #: Subject; None where the form's history doesn't have it.
    question: Question | None = None
    proposition: RatedProposition | None = None
    #: Of a statement about a proposition: its key in the database, and the number of the version it was given to.
    proposition_id: int | None = None
    version: int | None = None


class FormHistory:
    """The questions and propositions of all versions of a form, in the words of the newest version that has each.

    ``form`` is the newest version with a page more, if earlier versions asked what it doesn't: nothing that was
    answered falls out of the results because the form was changed afterwards.
    """

    def __init__(self, versions: Iterable[FormSchema]) -> None:
        self.form = merged_form([*versions])
        self.questions: dict[str, Question] = {item.key: item for item in self.form.questions()}
        self.propositions: dict[int, RatedProposition] = {
            rated.proposition: rated for rated in self.form.propositions()
        }

    @classmethod
    def of(cls, round_: FeedbackRound) -> "FormHistory":
        """Load what a round asked. One query."""
        return cls(version.schema for version in round_.forms.order_by("number"))

    def asked_at(self, anchor: str) -> AskedAt:
        """Find what was asked at an anchor."""
        if about := parse_part_anchor(anchor):
            rated = self.propositions.get(about[0])
            part = COMMENT_PARTS[about[1]]
            return AskedAt(rated.ref, rated.title, part) if rated else AskedAt(part=part)
        item = self.questions.get(anchor)
        return AskedAt(item.ref, item.text) if item else AskedAt()

    def label(self, anchor: str) -> str:
        """Label an anchor for staff, such as “P7: What is missing”."""
        asked = self.asked_at(anchor)
        if asked.part:
            return f"{asked.ref or 'A proposition'}: {asked.part}"
        return f"{asked.ref} {asked.text}".strip() or "A question that is asked no more"

    def anchors(self) -> list[str]:
        """List every anchor in the order of the form, propositions before questions."""
        parts = [part_anchor(proposition, part) for proposition in self.propositions for part in COMMENT_PARTS]
        return [*parts, *self.questions]

    def statements(self, saved: SavedResponse) -> Iterator[Statement]:
        """Everything that a response says: on propositions, then to questions. ``saved`` needs its ``numbers``."""
        for key, given in saved.stances.items():
            proposition_id = proposition_id_of(key)
            about = (None, self.propositions.get(proposition_id), proposition_id, saved.numbers.get(key))
            if given.stance:
                yield Statement(key, "stance", (STANCES[given.stance],), *about)
            for part, text in given.parts.items():
                if text:
                    yield Statement(part_anchor(proposition_id, part), part, (text,), *about)
        for key, answer in saved.answers.items():
            question = self.questions.get(key)
            yield Statement(key, question.kind if question else "", answer.chosen or (answer.text,), question)


def merged_form(versions: list[FormSchema]) -> FormSchema:
    """Put what only earlier versions asked on a page of its own in the newest. ``versions`` are in their order."""
    if not versions:
        return FormSchema("", "", "")
    newest = versions[-1]
    rated_keys, item_keys = {rated.key for rated in newest.propositions()}, {item.key for item in newest.questions()}
    rated = {asked.key: asked for form in versions for asked in form.propositions() if asked.key not in rated_keys}
    items = {asked.key: asked for form in versions for asked in form.questions() if asked.key not in item_keys}
    if not rated and not items:
        return newest
    title = "Asked in an earlier version of the form"
    earlier = FormPage(EARLIER_PAGE_KEY, title, propositions=tuple(rated.values()), questions=tuple(items.values()))
    return FormSchema(newest.title, newest.intro, newest.privacy, (*newest.pages, earlier))

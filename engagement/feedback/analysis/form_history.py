"""Everything that any version of a round's form asked, and what each place in a response is called."""

from collections.abc import Iterable, Mapping
from typing import Any

from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.parsing import COMMENT_PARTS
from engagement.feedback.responses.text_anchors import parse_part_anchor, part_anchor
from engagement.feedback.schema import FormSchema, Question, RatedProposition

__all__ = ["FormHistory"]


class FormHistory:
    """Questions and propositions by their keys, in the words of the newest form that has them, in their order."""

    def __init__(self, forms: Iterable[FormSchema]) -> None:
        self.items: dict[str, Question] = {}
        self.rated: dict[int, RatedProposition] = {}
        for form in forms:
            self.items |= {item.key: item for item in form.items()}
            self.rated |= {one.proposition: one for one in form.rated()}

    @classmethod
    def of(cls, feedback_round: FeedbackRound) -> "FormHistory":
        """What a round asked. One query."""
        return cls(one.form for one in feedback_round.forms.order_by("number"))

    def label(self, anchor: str) -> str:
        """What a place is called, such as “P7: What is missing”."""
        if about := parse_part_anchor(anchor):
            proposition, part = about
            rated = self.rated.get(proposition)
            return f"{rated.ref if rated else 'A proposition'}: {COMMENT_PARTS[part]}"
        item = self.items.get(anchor)
        return f"{item.ref} {item.text}".strip() if item else "A question that is asked no more"

    def order(self) -> Mapping[str, Any]:
        """Every place in the order of the form, propositions before questions, with what is asked there."""
        places: dict[str, Any] = {
            part_anchor(key, part): rated for key, rated in self.rated.items() for part in COMMENT_PARTS
        }
        return places | self.items

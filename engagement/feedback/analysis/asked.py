"""Everything that any version of a round's form asked, and what each place in a response is called."""

from collections.abc import Iterable, Mapping
from typing import Any

from engagement.feedback.form import Form, Item, Rated
from engagement.feedback.models import FeedbackRound
from engagement.feedback.places import place_of_part, read_place
from engagement.feedback.reading import PARTS

__all__ = ["Asked"]


class Asked:
    """Questions and propositions by their keys, in the words of the newest form that has them, in their order."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self.items: dict[str, Item] = {}
        self.rated: dict[int, Rated] = {}
        for form in forms:
            self.items |= {item.key: item for item in form.items()}
            self.rated |= {one.proposition: one for one in form.rated()}

    @classmethod
    def of(cls, feedback_round: FeedbackRound) -> "Asked":
        """What a round asked. One query."""
        return cls(one.form for one in feedback_round.forms.order_by("number"))

    def label(self, place: str) -> str:
        """What a place is called, such as “P7: What is missing”."""
        if about := read_place(place):
            proposition, part = about
            rated = self.rated.get(proposition)
            return f"{rated.ref if rated else 'A proposition'}: {PARTS[part]}"
        item = self.items.get(place)
        return f"{item.ref} {item.text}".strip() if item else "A question that is asked no more"

    def order(self) -> Mapping[str, Any]:
        """Every place in the order of the form, propositions before questions, with what is asked there."""
        places: dict[str, Any] = {
            place_of_part(key, part): rated for key, rated in self.rated.items() for part in PARTS
        }
        return places | self.items

"""What the pages of the national strategy show beside their fields: foundations, challenges, deals."""

from typing import Any, ClassVar

from sectors.context import ConnectedPage, Tie
from sectors.lists import add_led, listed_with_propositions, pages_beside

__all__ = ["Fact", "NationalIndexPage", "NationalPage", "count_fact"]

#: A cell of the title block: label, value, and missing for a gap.
Fact = dict[str, Any]


def count_fact(label: str, number: int, none: str) -> Fact:
    """How many there are; ``none`` in words, as a gap, when there are none."""
    return {"label": label, "value": str(number) if number else none, "missing": not number}


class NationalPage(ConnectedPage):
    """A foundation, challenge or deal: adds its facts and the others of its kind to the context."""

    #: Whether a proposition can belong to a page of this type first of all.
    may_lead: ClassVar[bool] = False
    pk: Any

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if self.may_lead:
            add_led({self.pk: context["ties"]["propositions"]})
        context["section"] = pages_beside(self)
        context["facts"] = self.facts(context["ties"])
        return context

    def facts(self, ties: dict[str, list[Tie]]) -> list[Fact]:
        """The title block, from what a reader wants first to what is tied to it."""
        return [
            count_fact("Propositions", len(ties["propositions"]), "None yet"),
            count_fact("Sectors and sub-sectors", len(ties["sectors"] + ties["sub_sectors"]), "None on record"),
        ]


class NationalIndexPage:
    """The list of foundations, challenges or deals: ``items``, each with its ``propositions``."""

    in_section = True

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["items"] = listed_with_propositions(self.listed())
        return context

    def listed(self) -> Any:
        """The pages of this list, as a queryset."""
        raise NotImplementedError

"""What the pages of the national strategy show beside their fields: foundations, challenges, deals."""

from typing import Any, ClassVar

from sectors.links import LinkedPage, LinksContextMixin
from sectors.listings import add_led_propositions, pages_with_propositions, sibling_pages

__all__ = ["Fact", "NationalIndexPage", "NationalPage", "count_fact"]

#: A cell of the title block: label, value, and missing for a gap.
Fact = dict[str, Any]


def count_fact(label: str, number: int, none: str) -> Fact:
    """How many there are; ``none`` in words, as a gap, when there are none."""
    return {"label": label, "value": str(number) if number else none, "missing": not number}


class NationalPage(LinksContextMixin):
    """A foundation, challenge or deal: adds its facts and the others of its kind to the context."""

    #: Whether a proposition can belong to a page of this type first of all.
    may_lead: ClassVar[bool] = False
    pk: Any

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if self.may_lead:
            add_led_propositions({self.pk: context["links"]["propositions"]})
        context["section"] = sibling_pages(self)
        context["facts"] = self.facts(context["links"])
        return context

    def facts(self, links: dict[str, list[LinkedPage]]) -> list[Fact]:
        """The title block, from what a reader wants first to what is tied to it."""
        return [
            count_fact("Propositions", len(links["propositions"]), "None yet"),
            count_fact("Sectors and sub-sectors", len(links["sectors"] + links["sub_sectors"]), "None on record"),
        ]


class NationalIndexPage:
    """The list of foundations, challenges or deals: ``items``, each with its ``propositions``."""

    in_section = True

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["items"] = pages_with_propositions(self.listed())
        return context

    def listed(self) -> Any:
        """The pages of this list, as a queryset."""
        raise NotImplementedError

"""Lists of the parts of the strategy, each with the propositions tied to it, and the pages beside one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from wagtail.models import Page

from sectors.links import LinkedPage, links_between
from sectors.models.links import StrategyLink

__all__ = ["add_led_propositions", "pages_with_propositions", "sectors_with_counts", "sibling_pages"]


def pages_with_propositions(pages: QuerySet[Any]) -> list[Any]:
    """Live ``pages`` in tree order, each with ``propositions``: its ties to them. Four queries."""
    listed = list(pages.filter(live=True).order_by("path"))
    ties = _proposition_ties([page.pk for page in listed])
    add_led_propositions(ties)
    for page in listed:
        page.propositions = ties[page.pk]
    return listed


def _proposition_ties(ids: Iterable[int]) -> dict[int, list[LinkedPage]]:
    """The ties of each page to live propositions, recorded at either end, in the order of those."""
    ties: dict[int, list[LinkedPage]] = {pk: [] for pk in ids}
    for key, _, proposition, link in links_between(ties, "propositionpage"):
        ties[key].append(LinkedPage(proposition, link, outward=link.page_id == key))
    for found in ties.values():
        found.sort(key=lambda tie: tie.page.path)
    return ties


def add_led_propositions(links: dict[int, list[LinkedPage]]) -> None:
    """Put propositions among the ``ties`` of the page that leads them, where they aren't. One query.

    Which theme leads a proposition is recorded on the proposition, as the sources give it.
    """
    led = Page.objects.filter(propositionpage__lead_theme__in=links, live=True).select_related("propositionpage")
    for proposition in (page.propositionpage for page in led):
        found = links[proposition.lead_theme_id]
        if proposition.pk not in {tie.page.pk for tie in found}:
            link = StrategyLink(
                page=proposition,
                target_id=proposition.lead_theme_id,
                basis="stated",
                rationale="It leads this proposition.",
            )
            found.append(LinkedPage(proposition, link, outward=False))
            found.sort(key=lambda tie: tie.page.path)


def sibling_pages(page: Page) -> list[Page]:
    """The list that ``page`` is in, then all live pages in that list, ``page`` among them. One query."""
    above = page.path[: -page.steplen]
    return list(Page.objects.filter(live=True).filter(path__startswith=above, depth__lte=page.depth).order_by("path"))


def sectors_with_counts(sectors: QuerySet[Any], below: QuerySet[Any]) -> list[Any]:
    """Live ``sectors`` in tree order, each with ``proposition_count`` and ``sub_sectors``. Two queries.

    ``below`` are the sub-sectors, of whichever sector.
    """
    led = Count("led_propositions", filter=Q(led_propositions__live=True), distinct=True)
    listed = list(sectors.filter(live=True).annotate(proposition_count=led).order_by("path"))
    parts = list(below.filter(live=True).order_by("path"))
    for sector in listed:
        sector.sub_sectors = [part for part in parts if part.path.startswith(sector.path)]
    return listed

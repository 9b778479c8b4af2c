"""What the strategy's pages show beside their own fields: ties in both directions, evidence, roles.

Each function asks the database a fixed number of times, however much there is to show.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from wagtail.models import Page

from nelis.evidence.citations import page_statistics
from nelis.evidence.models import Finding
from sectors.models.links import OrganisationRole, StrategyLink

__all__ = [
    "ConnectedPage",
    "Tie",
    "list_with_counts",
    "proposition_context",
    "sector_context",
    "sector_index_context",
    "ties_of",
]

# The page types a tie may lead to, by the name of their table, in the order they are shown.
TIE_KINDS = {
    "propositionpage": "propositions",
    "grandchallengepage": "challenges",
    "sectordealpage": "deals",
    "foundationpage": "foundations",
    "sectorpage": "sectors",
    "subsectorpage": "sub_sectors",
    "projectpage": "projects",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie as seen from one of its ends: the page at the other end, and on what basis.

    ``link`` carries ``basis``, ``confidence`` and ``rationale``; ``outward`` is true when it is
    recorded on the page itself.
    """

    other: Any
    link: StrategyLink
    outward: bool


def ties_of(page: Page) -> dict[str, list[Tie]]:
    """All ties of ``page`` in both directions, grouped by what is at the other end. One query."""
    sides = [f"{side}__{kind}" for side in ("page", "target") for kind in TIE_KINDS]
    links = (
        StrategyLink.objects.filter(
            Q(page=page.pk, target__live=True) | Q(target=page.pk, page__live=True)
        )
        .select_related(*sides)
        .order_by("sort_order", "pk")
    )
    groups: dict[str, list[Tie]] = {name: [] for name in TIE_KINDS.values()}
    for link in links:
        outward = link.page_id == page.pk
        other = link.target if outward else link.page
        kind = next((kind for kind in TIE_KINDS if _child(other, kind)), None)
        if kind:
            groups[TIE_KINDS[kind]].append(Tie(_child(other, kind), link, outward))
    for ties in groups.values():
        ties.sort(key=lambda tie: tie.other.path)
    return groups


def _child(page: Page, kind: str) -> Page | None:
    # The row of the subclass that select_related has joined, or None when it is of another type.
    return page._state.fields_cache.get(kind)


def roles_on(page: Page) -> list[OrganisationRole]:
    """Organisations with a role on ``page``, in order. One query."""
    return list(
        OrganisationRole.objects.filter(page=page.pk, organisation__live=True)
        .select_related("organisation")
        .order_by("sort_order", "pk")
    )


def list_with_counts(pages: Any) -> list[Any]:
    """Live ``pages`` in tree order, each with ``proposition_count``. One query."""
    return list(
        pages.live()
        .annotate(
            proposition_count=Count(
                "linked_from__page",
                filter=Q(
                    linked_from__page__live=True,
                    linked_from__page__propositionpage__isnull=False,
                ),
                distinct=True,
            )
        )
        .order_by("path")
    )


class ConnectedPage:
    """A page with ties, figures and organisations: adds them to its template's context.

    ``ties`` (see ``ties_of``), ``statistics`` (headline figures, rivals grouped), ``roles``,
    ``sources``.
    """

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["ties"] = ties_of(self)  # type: ignore[arg-type]
        context["roles"] = roles_on(self)  # type: ignore[arg-type]
        if "statistics" not in context:
            pages = [self, *self.pages_below()]
            figures = page_statistics(pages)  # type: ignore[arg-type]
            context["statistics"] = figures[self.pk]  # type: ignore[attr-defined]
            for page in pages[1:]:
                page.statistics = figures[page.pk]  # type: ignore[attr-defined]
            context["pages_below"] = pages[1:]
        return context

    def pages_below(self) -> list[Page]:
        """Children whose figures this page shows too."""
        return []


def sector_context(sector: Any) -> dict[str, Any]:
    """Findings about a sector or sub-sector, by kind, and the propositions it leads."""
    findings = list(Finding.objects.filter(subject=sector.pk, live=True).select_related("source"))
    by_kind: dict[str, list[Finding]] = {kind: [] for kind in Finding.Kind.values}
    for finding in findings:
        by_kind[finding.kind].append(finding)
    propositions = list(sector.led_propositions.live().order_by("path"))
    return {"findings": by_kind, "has_findings": bool(findings), "propositions": propositions}


def sector_index_context(index: Page) -> dict[str, Any]:
    """Sectors with their sub-sectors and how many propositions each leads."""
    sectors = list(
        index.get_children()
        .live()
        .select_related("sectorpage")
        .annotate(
            proposition_count=Count(
                "led_propositions", filter=Q(led_propositions__live=True), distinct=True
            )
        )
        .order_by("path")
    )
    below = list(
        Page.objects.descendant_of(index).live().filter(depth=index.depth + 2).order_by("path")
    )
    for sector in sectors:
        sector.sub_sectors = [page for page in below if page.is_descendant_of(sector)]
    return {"sectors": sectors}


def proposition_context(proposition: Any) -> dict[str, Any]:
    """A proposition's parts, asks and outcomes, and what is open about each addressee."""
    asks: dict[str, list[Any]] = {}
    for ask in proposition.asks.all():
        asks.setdefault(ask.addressee, []).append(ask)
    return {
        "components": list(proposition.components.all()),
        "asks": asks,
        "outcomes": list(proposition.outcomes.select_related("statistic__source")),
        "other_names": list(proposition.other_names.all()),
        "lead_theme": proposition.lead_theme,
    }

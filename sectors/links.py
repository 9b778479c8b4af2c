"""What the strategy's pages show beside their own fields: ties in both directions, evidence, roles.

Each function asks the database a fixed number of times, however much there is to show.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from nelis.core.query_utils import joined_row, long_text_fields
from nelis.evidence.models import Finding
from sectors.evidence_links import attach_led_to
from sectors.models.links import OrganisationRole, StrategyLink

__all__ = [
    "LinkedPage",
    "LinksContextMixin",
    "NationalLink",
    "links_between",
    "links_of",
    "national_links",
    "proposition_context",
    "sector_context",
]

TO_NATIONAL_PAGE = Q(target__grandchallengepage__isnull=False) | Q(target__sectordealpage__isnull=False)
# The page types a tie may lead to, by the name of their table, in the order they are shown.
LINK_GROUPS = {
    "propositionpage": "propositions",
    "grandchallengepage": "challenges",
    "sectordealpage": "deals",
    "foundationpage": "foundations",
    "sectorpage": "sectors",
    "subsectorpage": "sub_sectors",
    "projectpage": "projects",
}


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A tie as seen from one of its ends: the page at the other end, and on what basis.

    ``link`` carries ``basis``, ``confidence`` and ``rationale``; ``outward`` is true when it is
    recorded on the page itself.
    """

    page: Any
    link: StrategyLink
    outward: bool


def links_of(page: Page, through: Iterable[Page] = ()) -> tuple[dict[str, list[LinkedPage]], list[LinkedPage]]:
    """All ties of ``page`` in both directions, grouped by what is at the other end. Two queries.

    The second value holds the ties that lead from the pages ``through`` to Grand Challenges and
    Sector Deals, as seen from there: ``other`` is the page of ``through``, ``link.target`` where it leads.
    """
    by_id = {other.pk: other for other in through}
    wanted = Q(page=page.pk, target__live=True) | Q(target=page.pk, page__live=True)
    if by_id:
        wanted |= Q(TO_NATIONAL_PAGE, page__in=by_id, target__live=True)
    links = list(StrategyLink.objects.filter(wanted).order_by("sort_order", "pk"))
    tied = strategy_pages_by_key({link.page_id if link.target_id == page.pk else link.target_id for link in links})
    groups: dict[str, list[LinkedPage]] = {name: [] for name in LINK_GROUPS.values()}
    indirect: list[LinkedPage] = []
    for link in links:
        if page.pk not in (link.page_id, link.target_id):
            link.target = tied[link.target_id][1]
            indirect.append(LinkedPage(by_id[link.page_id], link, outward=False))
            continue
        outward = link.page_id == page.pk
        kind, other = tied.get(link.target_id if outward else link.page_id, ("", None))
        if kind:
            groups[kind].append(LinkedPage(other, link, outward))
    for ties in groups.values():
        ties.sort(key=lambda tie: tie.page.path)
    return groups, indirect


def strategy_pages_by_key(keys: Iterable[int]) -> dict[int, tuple[str, Any]]:
    """The pages with these keys that a tie may lead to, by key, each after the name of its group. One query.

    They come without their long texts, which are asked for one by one if they are read after all.
    """
    return {key: (LINK_GROUPS[table], page) for key, (table, page) in _rows(Page.objects, keys, LINK_GROUPS).items()}


def links_between(
    keys: Collection[int], *tables: str, also: Iterable[str] = ()
) -> Iterator[tuple[int, str, Any, StrategyLink]]:
    """Every tie between pages with these ``keys`` and live pages of ``tables``, whichever end it is recorded at.

    Gives the key, the table and the row of the page at the other end, and the link. ``also`` are relations of that
    page to fetch with it, such as ``projectpage__place``. Two queries: each page is fetched once, however many ties
    lead to it.
    """
    keys = set(keys)
    links = list(StrategyLink.objects.filter(Q(page__in=keys) | Q(target__in=keys)))
    ends = {end for link in links for end in (link.page_id, link.target_id)}
    found = _rows(Page.objects.live(), ends, tables, also)
    for link in links:
        for key, far in ((link.page_id, link.target_id), (link.target_id, link.page_id)):
            table, page = found.get(far, ("", None))
            if key in keys and table:
                yield key, table, page, link


def _rows(
    pages: Any, keys: Iterable[int], tables: Iterable[str], also: Iterable[str] = ()
) -> dict[int, tuple[str, Any]]:
    """Table and row of each of ``pages`` with these keys that is of one of ``tables``, without its long texts."""
    unread = [name for table in tables for name in long_text_fields(Page._meta.get_field(table).related_model, table)]
    found = pages.filter(pk__in=keys).select_related(*tables, *also).defer(*unread)
    rows = {page.pk: joined_row(page, tables) for page in found}
    return {key: (table, row) for key, (table, row) in rows.items() if table}


def roles_of(page: Page) -> list[OrganisationRole]:
    """Organisations with a role on ``page``, in order. One query."""
    return list(
        OrganisationRole.objects.filter(page=page.pk, organisation__live=True)
        .select_related("organisation")
        .order_by("sort_order", "pk")
    )


class LinksContextMixin:
    """A page with ties, figures, sources and organisations: adds them to its template's context.

    ``ties`` and ``indirect`` (see ``ties_of``), ``roles``.
    """

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["links"], context["indirect"] = links_of(self, self.via_pages())
        context["roles"] = roles_of(self)
        return context

    def via_pages(self) -> Iterable[Page]:
        """Pages through which this one is tied to challenges and deals, besides its own ties."""
        return ()


@dataclass(slots=True)
class NationalLink:
    """A Grand Challenge or Sector Deal as it concerns a sector.

    ``link`` is the sector's own tie, None when only its propositions lead there; ``through`` holds
    those propositions' ties.
    """

    page: Any
    link: StrategyLink | None
    via: list[LinkedPage]

    @property
    def all_inferred(self) -> bool:
        """Whether every tie from a proposition is our inference."""
        return all(tie.link.is_inferred for tie in self.via)


def national_links(links: dict[str, list[LinkedPage]], indirect: list[LinkedPage]) -> list[NationalLink]:
    """Challenges and deals that concern a sector: those it is tied to itself, then the others."""
    own = [*links["challenges"], *links["deals"]]
    found = {tie.page.pk: NationalLink(tie.page, tie.link, []) for tie in own}
    for tie in sorted(indirect, key=lambda tie: (tie.link.target.path, tie.page.path)):
        target = tie.link.target
        found.setdefault(target.pk, NationalLink(target, None, [])).via.append(tie)
    return list(found.values())


def sector_context(sector: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Findings about a sector or sub-sector by kind, the propositions it leads, and its other ties."""
    findings: dict[str, list[Finding]] = {kind: [] for kind in Finding.Kind.values}
    for finding in Finding.objects.filter(subject=sector.pk, live=True).select_related("source"):
        findings[finding.kind].append(finding)
    attach_led_to([finding for of_kind in findings.values() for finding in of_kind])
    ties, led = context["links"], {proposition.pk for proposition in sector.propositions}
    return {
        "findings": findings,
        "has_findings": any(findings.values()),
        "propositions": sector.propositions,
        "also_answers": [tie for tie in ties["propositions"] if tie.page.pk not in led],
        "other_links": [*ties["foundations"], *ties["sectors"], *ties["sub_sectors"]],
        "national": national_links(ties, context["indirect"]),
    }


def proposition_context(proposition: Any) -> dict[str, Any]:
    """A proposition's parts, asks by addressee, outcomes, other names and lead theme. Four queries."""
    asks: dict[str, list[Any]] = {}
    for ask in proposition.asks.all():
        asks.setdefault(ask.addressee, []).append(ask)
    theme = proposition.lead_theme if proposition.lead_theme_id and proposition.lead_theme.live else None
    sector = getattr(theme, "sectorpage", None)
    return {
        "components": list(proposition.components.all()),
        "asks": asks,
        "outcomes": list(proposition.outcomes.select_related("statistic__source")),
        "other_names": [name.name for name in proposition.other_names.all()],
        "lead_theme": theme,
        "hue": sector.hue if sector else "",
    }

"""Links between pages of the strategy, read from either end, and the roles of organisations on a page.

Each function asks the database a fixed number of times, however much there is to show.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page

from nelis.core.query_utils import joined_row, long_text_fields
from sectors.models import OrganisationRole, StrategyLink

TO_NATIONAL_PAGE = Q(target__grandchallengepage__isnull=False) | Q(target__sectordealpage__isnull=False)
# The page types a link may lead to, by the name of their table, in the order they are shown.
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
    """A link as seen from one of its ends: the page at the other end, and the link with its basis.

    ``outward`` is true when the link is recorded on the page it is seen from.
    """

    page: Any
    link: StrategyLink
    outward: bool


def links_of(page: Page, via: Iterable[Page] = ()) -> tuple[dict[str, list[LinkedPage]], list[LinkedPage]]:
    """All links of ``page`` in both directions, grouped by what is at the other end. Two queries.

    The second value holds the indirect links, from the pages ``via`` to Grand Challenges and Sector Deals:
    ``page`` is the page of ``via``, ``link.target`` where it leads.
    """
    by_id = {via_page.pk: via_page for via_page in via}
    condition = Q(page=page.pk, target__live=True) | Q(target=page.pk, page__live=True)
    if by_id:
        condition |= Q(TO_NATIONAL_PAGE, page__in=by_id, target__live=True)
    links = list(StrategyLink.objects.filter(condition).order_by("sort_order", "pk"))
    others = {link.page_id if link.target_id == page.pk else link.target_id for link in links}
    # The long texts are left out, and asked for one by one if they are read after all.
    rows = _rows(Page.objects, others, LINK_GROUPS)
    groups: dict[str, list[LinkedPage]] = {name: [] for name in LINK_GROUPS.values()}
    indirect: list[LinkedPage] = []
    for link in links:
        if page.pk not in (link.page_id, link.target_id):
            link.target = rows[link.target_id][1]
            indirect.append(LinkedPage(by_id[link.page_id], link, outward=False))
            continue
        outward = link.page_id == page.pk
        table, other = rows.get(link.target_id if outward else link.page_id, ("", None))
        if table:
            groups[LINK_GROUPS[table]].append(LinkedPage(other, link, outward))
    for linked_pages in groups.values():
        linked_pages.sort(key=lambda linked: linked.page.path)
    return groups, indirect


def links_between(
    keys: Collection[int], *tables: str, relations: Iterable[str] = ()
) -> Iterator[tuple[int, str, Any, StrategyLink]]:
    """Every link between pages with these ``keys`` and live pages of ``tables``, whichever end it is recorded at.

    Yields the key, the table and the row of the page at the other end, and the link. ``relations`` of that page are
    fetched with it, such as ``projectpage__place``. Two queries: each page is fetched once, however many links lead
    to it.
    """
    keys = set(keys)
    links = list(StrategyLink.objects.filter(Q(page__in=keys) | Q(target__in=keys)))
    ends = {end for link in links for end in (link.page_id, link.target_id)}
    rows = _rows(Page.objects.live(), ends, tables, relations)
    for link in links:
        for key, other_key in ((link.page_id, link.target_id), (link.target_id, link.page_id)):
            table, page = rows.get(other_key, ("", None))
            if key in keys and table:
                yield key, table, page, link


def _rows(
    pages: Any, keys: Iterable[int], tables: Iterable[str], relations: Iterable[str] = ()
) -> dict[int, tuple[str, Any]]:
    """Table and row of each of ``pages`` with these keys that is of one of ``tables``, without its long texts."""
    deferred = [name for table in tables for name in long_text_fields(Page._meta.get_field(table).related_model, table)]
    found = pages.filter(pk__in=keys).select_related(*tables, *relations).defer(*deferred)
    rows = {page.pk: joined_row(page, tables) for page in found}
    return {key: (table, row) for key, (table, row) in rows.items() if table}


def roles_of(page: Page) -> list[OrganisationRole]:
    """Organisations with a role on ``page``, in order. One query."""
    return list(
        OrganisationRole.objects.filter(page=page.pk, organisation__live=True)
        .select_related("organisation")
        .order_by("sort_order", "pk")
    )


@dataclass(slots=True)
class NationalLink:
    """A Grand Challenge or Sector Deal as it concerns a sector.

    ``link`` is the sector's own link, None when only its propositions lead there; ``via`` holds the links of those.
    """

    page: Any
    link: StrategyLink | None
    via: list[LinkedPage]


def national_links(links: dict[str, list[LinkedPage]], indirect: list[LinkedPage]) -> list[NationalLink]:
    """Challenges and deals that concern a sector: those it is linked to itself, then the others."""
    own = [*links["challenges"], *links["deals"]]
    found = {linked.page.pk: NationalLink(linked.page, linked.link, []) for linked in own}
    for linked in sorted(indirect, key=lambda linked: (linked.link.target.path, linked.page.path)):
        target = linked.link.target
        found.setdefault(target.pk, NationalLink(target, None, [])).via.append(linked)
    return list(found.values())

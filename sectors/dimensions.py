"""What propositions can be sorted by (sectors, challenges, stages, partners, places and more), with the basis of each.

The list of propositions filters by these, and the explorer sets any two against each other, so that a number
there and the list it leads to are always the same.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page

from nelis.core.query_utils import joined_row
from nelis.evidence.models import Finding
from sectors.links import links_between
from sectors.models import Basis, EvidenceLink, OrganisationRole, Stage, StrategyLink


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing propositions can be sorted by: its name in the query string, one of it, several of it."""

    name: str
    label: str
    plural: str
    #: The table its values come from, when they are pages that a link leads to.
    table: str = ""


DIMENSIONS = {
    dimension.name: dimension
    for dimension in (
        Dimension("sector", "Sector", "Sectors", "sectorpage"),
        Dimension("sub-sector", "Sub-sector", "Sub-sectors", "subsectorpage"),
        Dimension("foundation", "Foundation", "Foundations", "foundationpage"),
        Dimension("challenge", "Grand Challenge", "Grand Challenges", "grandchallengepage"),
        Dimension("deal", "Sector Deal", "Sector Deals", "sectordealpage"),
        Dimension("stage", "Stage", "Stages"),
        Dimension("partner", "Partner", "Partners"),
        Dimension("place", "Place", "Places"),
        Dimension("evidence", "Kind of evidence", "Kinds of evidence"),
        Dimension("project", "Site or project", "Sites and projects", "projectpage"),
        Dimension("theme", "Sector or foundation that leads", "Sectors and foundations that lead"),
    )
}
#: Relations to fetch with the propositions given to ``dimension_values``.
THEME_RELATIONS = ("lead_theme__sectorpage", "lead_theme__foundationpage")
LINKED_DIMENSIONS = {dimension.table: dimension for dimension in DIMENSIONS.values() if dimension.table}


@dataclass(slots=True)
class DimensionValues:
    """The values of a set of propositions in every dimension.

    ``values[key][name]`` gives, for the proposition with that key, the values it has in the dimension
    ``name`` and whether a source states it. ``labels[name]`` names every value, in the order to show them.
    """

    values: dict[int, dict[str, dict[str, bool]]]
    labels: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    #: The links behind the values: key of the proposition, table and page of the other end, link.
    links: list[tuple[int, str, Any, StrategyLink]] = field(default_factory=list)

    def add(self, key: int, name: str, value: str, label: str, *, stated: bool) -> None:
        """Note that a proposition has a value; stated if any of its reasons is."""
        self.labels[name].setdefault(value, label)
        values = self.values[key][name]
        values[value] = values.get(value, False) or stated

    def options(self, name: str) -> list[tuple[str, str]]:
        """The values of a dimension with their labels: steps and kinds in their own order, others by label."""
        order = {"stage": Stage.values, "evidence": Finding.Kind.values}.get(name)
        rank = {value: number for number, value in enumerate(order or ())}
        return sorted(self.labels[name].items(), key=lambda item: (rank.get(item[0], 0), item[1]))

    def values_of(self, key: int, name: str, *, stated_only: bool = False) -> set[str]:
        """The values of one proposition in one dimension."""
        return {value for value, stated in self.values[key][name].items() if stated or not stated_only}

    def pages_by_value(self, name: str, *, stated_only: bool = False) -> dict[str, set[int]]:
        """The propositions that have each value of a dimension."""
        pages: dict[str, set[int]] = defaultdict(set)
        for key in self.values:
            for value in self.values_of(key, name, stated_only=stated_only):
                pages[value].add(key)
        return pages


def dimension_values(pages: list[Any]) -> DimensionValues:
    """The values of ``pages`` (propositions, fetched with ``THEME_RELATIONS``) in every dimension. Four queries."""
    dimensions = DimensionValues({page.pk: defaultdict(dict) for page in pages})
    for page in pages:
        dimensions.add(page.pk, "stage", page.stage, page.get_stage_display(), stated=True)
        if theme := page.lead_theme:
            dimensions.add(page.pk, "theme", theme.slug, theme.title, stated=True)
            table, _ = joined_row(theme, LINKED_DIMENSIONS)
            if table:
                dimensions.add(page.pk, LINKED_DIMENSIONS[table].name, theme.slug, theme.title, stated=True)
    _add_links(dimensions)
    _add_partners(dimensions)
    _add_evidence(dimensions)
    return dimensions


def add_unused_values(dimensions: DimensionValues) -> None:
    """Label what no proposition has, too: every page of a kind, every stage, every kind of evidence. One query."""
    tables = [table for table in LINKED_DIMENSIONS if table != "projectpage"]
    pages = Page.objects.live().filter(content_type__app_label="sectors", content_type__model__in=tables)
    for slug, title, table in pages.values_list("slug", "title", "content_type__model"):
        dimensions.labels[LINKED_DIMENSIONS[table].name].setdefault(slug, title)
    for name, choices in (("stage", Stage.choices), ("evidence", Finding.Kind.choices)):
        for value, label in choices:
            dimensions.labels[name].setdefault(str(value), str(label))


def _add_links(dimensions: DimensionValues) -> None:
    links = links_between(dimensions.values, *LINKED_DIMENSIONS, relations=["projectpage__place"])
    for key, table, other, link in links:
        stated = link.basis == Basis.STATED
        dimensions.links.append((key, table, other, link))
        dimensions.add(key, LINKED_DIMENSIONS[table].name, other.slug, other.title, stated=stated)
        if table == "projectpage" and other.place:
            dimensions.add(key, "place", other.place.slug, other.place.name, stated=stated)


def _add_partners(dimensions: DimensionValues) -> None:
    roles = OrganisationRole.objects.filter(page__in=dimensions.values, organisation__live=True)
    for role in roles.select_related("organisation"):
        name, stated = role.organisation.name, role.basis == Basis.STATED
        dimensions.add(role.page_id, "partner", role.organisation.slug, name, stated=stated)


def _add_evidence(dimensions: DimensionValues) -> None:
    links = EvidenceLink.objects.filter(page__in=dimensions.values, finding__live=True)
    labels = dict(Finding.Kind.choices)
    for key, kind, basis in links.values_list("page_id", "finding__kind", "basis"):
        dimensions.add(key, "evidence", kind, str(labels[kind]), stated=basis == Basis.STATED)

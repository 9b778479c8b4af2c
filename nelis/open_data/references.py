"""Name pages, figures, sources and organisations as records refer to them. No query but for what isn't fetched."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from nelis.core.site_address import absolute_url
from nelis.evidence.models import Source, Statistic
from nelis.open_data.schemas import FigureLine, Link, Reference, Role
from sectors.links import LINK_GROUPS
from sectors.models import Organisation, OrganisationRole, StrategyLink

__all__ = [
    "KINDS",
    "LINKED_TABLES",
    "figure_line",
    "link_record",
    "organisation_reference",
    "page_reference",
    "partial_day",
    "permanent_reference",
    "role_record",
    "source_reference",
    "source_references",
]

#: What the API calls pages, by the name of their table.
KINDS = {
    "propositionpage": "proposition",
    "grandchallengepage": "challenge",
    "sectordealpage": "deal",
    "foundationpage": "foundation",
    "sectorpage": "sector",
    "subsectorpage": "sub-sector",
    "projectpage": "project",
    "targetpage": "target",
    "eventpage": "event",
    "newspage": "news",
}
#: The tables of the pages that links of the strategy lead to.
LINKED_TABLES = tuple(LINK_GROUPS)


def permanent_reference(page: Any) -> str:
    """Return the reference by which the API finds ``page``: that of the page, or its slug."""
    return str(getattr(page, getattr(page, "reference_field", "ref"), "") or page.slug)


def page_reference(page: Any) -> Reference:
    """Name a page, given as its own type."""
    return Reference(
        kind=KINDS.get(page._meta.model_name, "page"),
        ref=permanent_reference(page),
        slug=page.slug,
        title=page.title,
        url=page.full_url or "",
    )


def organisation_reference(organisation: Organisation) -> Reference:
    """Name an organisation."""
    return Reference(
        kind="organisation",
        ref=organisation.slug,
        slug=organisation.slug,
        title=organisation.name,
        url=absolute_url(organisation.get_absolute_url()),
    )


def source_reference(source: Source | None) -> Reference | None:
    """Name a source; None without one, or for one that isn't published."""
    if source is None or not source.live:
        return None
    url = absolute_url(source.get_absolute_url())
    return Reference(kind="source", ref=source.ref, slug=source.ref.lower(), title=source.title, url=url)


def source_references(sources: Iterable[Source]) -> list[Reference]:
    """Name the published ones of ``sources``."""
    return [named for source in sources if (named := source_reference(source))]


def figure_line(statistic: Statistic) -> FigureLine:
    """Name a figure, with what it says."""
    return FigureLine(
        key=statistic.key,
        text=statistic.figure.text,
        label=statistic.label,
        status=statistic.status,
        url=absolute_url(statistic.get_absolute_url()),
    )


def link_record(link: StrategyLink, to: Reference, *, recorded_here: bool) -> Link:
    """Return a link as it is seen from one of its ends."""
    return Link(
        to=to,
        basis=link.basis,
        confidence=link.confidence,
        reason=link.rationale,
        recorded_here=recorded_here,
    )


def role_record(role: OrganisationRole) -> Role:
    """Return the role of an organisation, which must be fetched already."""
    return Role(
        organisation=organisation_reference(role.organisation),
        role=role.role,
        basis=role.basis,
        confidence=role.confidence,
        reason=role.note,
    )


def partial_day(value: date | None, precision: str) -> str:
    """Return a date as far as it is known: 2019-07-16, 2019-07 or 2019; empty when it isn't."""
    if value is None:
        return ""
    return {"day": f"{value:%Y-%m-%d}", "month": f"{value:%Y-%m}", "year": f"{value:%Y}"}.get(precision, "")

"""Where search leads to for a source, a finding and a figure."""

from wagtail.models import Page, ReferenceIndex

from nelis.core.search.places import finds, only_page, page_address, public_pages
from nelis.evidence.models import Finding, Source, Statistic

__all__: list[str] = []

SOURCES = "evidence.EvidenceIndexPage"


@finds("evidence.Source")
def source(thing: Source) -> str:
    """Its own page, below the list of sources."""
    return thing.get_absolute_url() if only_page(SOURCES) else ""


@finds("evidence.Finding")
def finding(thing: Finding) -> str:
    """Its line on the page of its sector."""
    return page_address(thing.subject, thing.anchor)


@finds("evidence.Statistic")
def statistic(thing: Statistic) -> str:
    """The most particular page that shows it; without one, its own."""
    shown_on = {
        reference.object_id
        for reference in ReferenceIndex.get_references_to(thing)
        if issubclass(reference.content_type.model_class() or object, Page)
    }
    pages = public_pages().filter(pk__in=shown_on).order_by("-depth", "path")
    return page_address(pages.first()) or (thing.get_absolute_url() if only_page(SOURCES) else "")

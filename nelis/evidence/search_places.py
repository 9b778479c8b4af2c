"""Where search leads to for a source, a finding and a figure."""

from wagtail.models import Page, ReferenceIndex

from nelis.core.search.places import finds, only_page, page_address, public_pages
from nelis.evidence.models import Finding, Source, Statistic

__all__: list[str] = []

SOURCES = "evidence.EvidenceIndexPage"


@finds("evidence.Source")
def source(thing: Source) -> str:
    """Its line on the list of sources."""
    return only_page(SOURCES, thing.anchor)


@finds("evidence.Finding")
def finding(thing: Finding) -> str:
    """Its line on the page of its sector."""
    return page_address(thing.subject, thing.anchor)


@finds("evidence.Statistic")
def statistic(thing: Statistic) -> str:
    """The most particular page that shows it; without one, the source it comes from."""
    shown_on = {
        reference.object_id
        for reference in ReferenceIndex.get_references_to(thing)
        if issubclass(reference.content_type.model_class() or object, Page)
    }
    pages = public_pages().filter(pk__in=shown_on).order_by("-depth", "path")
    return page_address(pages.first()) or (source(thing.source) if thing.source else "")

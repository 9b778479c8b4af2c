"""Where search leads to for a source, a finding and a figure."""

from wagtail.models import Page, ReferenceIndex

from nelis.core.search.urls import public_page_url, public_pages, single_page_url, url_resolver
from nelis.evidence.models import Finding, Source, Statistic

SOURCES = "evidence.EvidenceIndexPage"


@url_resolver("evidence.Source")
def source_url(source: Source) -> str:
    """Its own page, below the list of sources."""
    return source.get_absolute_url() if single_page_url(SOURCES) else ""


@url_resolver("evidence.Finding")
def finding_url(finding: Finding) -> str:
    """Its line on the page of its sector."""
    return public_page_url(finding.subject, finding.anchor)


@url_resolver("evidence.Statistic")
def statistic_url(statistic: Statistic) -> str:
    """The most particular page that shows it; without one, its own."""
    shown_on = {
        reference.object_id
        for reference in ReferenceIndex.get_references_to(statistic)
        if issubclass(reference.content_type.model_class() or object, Page)
    }
    pages = public_pages().filter(pk__in=shown_on).order_by("-depth", "path")
    return public_page_url(pages.first()) or (statistic.get_absolute_url() if single_page_url(SOURCES) else "")

"""Template context of pages with evidence: any page with figures and sources, and the pages of the evidence library."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail.models import Page, ReferenceIndex

from nelis.core.dates import partial_date
from nelis.core.models import BasePage
from nelis.core.navigation import section_pages
from nelis.core.page_views import page_context, subpage_context
from nelis.core.search.urls import public_pages
from nelis.evidence.finding_groups import group_findings
from nelis.evidence.models import EvidencedPage, Finding, Source, Statistic
from nelis.evidence.page_sources import body_statistics, not_in_text, page_sources, page_statistics

FindingAnnotator = Callable[[list[Finding]], None]

_finding_annotators: list[FindingAnnotator] = []


def annotate_findings_with(function: FindingAnnotator) -> None:
    """Register ``function``, which adds to the findings shown here, such as what each led to.

    Apps above this one call it in ``AppConfig.ready``.
    """
    if function not in _finding_annotators:
        _finding_annotators.append(function)


@page_context(EvidencedPage)
def evidence_context(page: Any, request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Figures, sources and neighbouring pages. Three queries; one less outside a section.

    ``statistics``: the headline figures that the page's text doesn't show already, rivals together.
    ``sources``: the page's own sources and those of every figure on it, each once.
    ``section``: the pages of its section, the opening page first, when it is ``in_section``.
    """
    others = list(page.pages_with_figures())
    by_page = page_statistics([page, *others])
    for other in others:
        other.statistics = by_page[other.pk]
    in_text = body_statistics(page)
    shown = [item for statistics in by_page.values() for item in statistics]
    return {
        "statistics": not_in_text(by_page[page.pk], in_text),
        "sources": page_sources(page, [*shown, *in_text]),
        "section": section_pages(page) if page.in_section else [],
        "pages_with_figures": others,
    }


def library_context(index: BasePage) -> dict[str, Any]:
    """Every publication, those we hold and those we don't, and the pages that findings are about. Three queries."""
    sources = list(
        Source.objects.filter(live=True)
        .select_related("document")
        .annotate(
            figure_count=Count("statistics", filter=Q(statistics__live=True), distinct=True),
            finding_count=Count("findings", filter=Q(findings__live=True), distinct=True),
        )
    )
    about = Count("findings", filter=Q(findings__live=True), distinct=True)
    subjects = Page.objects.live().filter(findings__live=True).annotate(finding_count=about).order_by("path")
    return {
        "subjects": list(subjects),
        "beside": list(index.get_children().live().order_by("path")),
        "held": [source for source in sources if source.held and not source.read_in_part],
        "read_in_part": [source for source in sources if source.held and source.read_in_part],
        "not_held": [source for source in sources if not source.held],
    }


def publication_context(source: Source, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    """The publication, the findings and figures from it, and the pages that rest on it. Seven queries at most."""
    findings = _annotated(source.findings.filter(live=True).select_related("source", "subject"))
    figures = list(source.statistics.filter(live=True).select_related("source", "geography"))
    Statistic.attach_rivals(figures)
    cited_on = _pages_that_use(source, *figures)
    counts = (
        ("findings", "finding", len(findings)),
        ("figures", "figure", len(figures)),
        ("cited", "page that cites it" if len(cited_on) == 1 else "pages that cite it", len(cited_on)),
    )
    return {
        "source": source,
        "contents": [
            {"value": number, "text": words if anchor == "cited" or number == 1 else f"{words}s", "url": f"#{anchor}"}
            for anchor, words, number in counts
            if number
        ],
        "facts": _publication_facts(source),
        "findings": group_findings(findings),
        "finding_count": len(findings),
        "figures": figures,
        "cited_on": cited_on,
        **subpage_context(source, index, request),
    }


def figure_context(statistic: Statistic, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    """One figure with its rivals, the findings that rest on it, and the pages that show it. Five queries at most."""
    rivals = statistic.with_rivals
    source = statistic.source
    sources = {rival.source.pk: rival.source for rival in rivals if rival.source and rival.source.live}
    context = subpage_context(statistic, index, request)
    if source and source.live:
        context["crumbs"].append({"title": source.title, "url": source.get_absolute_url()})
    figure = statistic.figure
    return context | {
        "title": f"{statistic.key}: {figure.text}{'' if figure.held else ':'} {statistic.label}",
        "statistic": statistic,
        "figures": [rivals],
        "sources": list(sources.values()),
        "findings": group_findings(
            _annotated(statistic.findings.filter(live=True).select_related("source", "subject"))
        ),
        # Rivals are shown wherever one of them is.
        "shown_on": _pages_that_use(*rivals),
    }


def _pages_that_use(*instances: Any) -> list[Page]:
    """Public pages that refer to any of ``instances``, as a figure or source or in their text. Two queries."""
    references = Q(pk__in=[])
    for model in {type(instance) for instance in instances}:
        keys = [str(instance.pk) for instance in instances if type(instance) is model]
        references |= Q(to_content_type=ContentType.objects.get_for_model(model), to_object_id__in=keys)
    pages = ReferenceIndex.objects.filter(references, base_content_type=ContentType.objects.get_for_model(Page))
    return list(public_pages().filter(pk__in=set(pages.values_list("object_id", flat=True))).order_by("path"))


def _annotated(findings: QuerySet[Finding]) -> list[Finding]:
    found = list(findings)
    for annotate in _finding_annotators:
        annotate(found)
    return found


def _extent_read(source: Source) -> str:
    if not source.held:
        return "Nothing"
    return source.page_ref or ("A part of it" if source.read_in_part else "")


def _publication_facts(source: Source) -> list[dict[str, Any]]:
    """What is known of a publication itself. What isn't, and a reader would ask for, says so."""
    planned = source.status == Source.Status.PLANNED
    unknown = "Not stated in our sources"
    return [
        {"label": "Published by", "value": source.publisher or unknown, "missing": not source.publisher},
        {
            "label": "Planned for" if planned else "Date",
            "value": capfirst(partial_date(source.published, source.published_precision)),
            "missing": not source.published,
        },
        {"label": "Type", "value": source.get_kind_display()},
        {"label": "Commissioned by", "value": source.commissioned_by},
        {
            "label": "What we have read",
            "value": _extent_read(source),
            "missing": not source.held,
        },
        {
            "label": "Licence",
            "value": source.licence or ("Not stated" if source.held else ""),
            "missing": not source.licence,
        },
    ]

"""What the pages of one publication and of one figure show: all that comes from it, and where it is used."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail.models import Page, ReferenceIndex

from nelis.core.models import BasePage
from nelis.core.search.urls import public_pages
from nelis.core.templatetags.component_tags import partial_date
from nelis.evidence.models.findings import Finding
from nelis.evidence.models.sources import Source
from nelis.evidence.models.statistics import Statistic, attach_rivals

__all__ = ["annotate_findings_with", "figure_context", "library_context", "publication_context"]

FindingAnnotator = Callable[[list[Finding]], None]

_additions: list[FindingAnnotator] = []


def annotate_findings_with(function: FindingAnnotator) -> None:
    """From now on let ``function`` add to the findings that are shown here, such as what each led to.

    For the rooms above, which know what is made of a finding. Call it when the site starts.
    """
    if function not in _additions:
        _additions.append(function)


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
        "held": [source for source in sources if source.held],
        "not_held": [source for source in sources if not source.held],
    }


def publication_context(source: Source, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    """The publication, the findings and figures from it, and the pages that rest on it. Seven queries at most."""
    findings = _completed(source.findings.filter(live=True).select_related("source", "subject"))
    figures = list(source.statistics.filter(live=True).select_related("source", "geography"))
    attach_rivals(figures)
    return {
        "source": source,
        "facts": _facts(source),
        "findings": [
            (f"{label}s" if value in _SEVERAL and len(members) > 1 else label, value.replace("_", "-"), members)
            for value, label in Finding.Kind.choices
            if (members := [one for one in findings if one.kind == value])
        ],
        "finding_count": len(findings),
        "figures": figures,
        "cited_on": _pages_that_use(source, *figures),
        **_place(source, index, request),
    }


def figure_context(statistic: Statistic, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    """One figure with its rivals, the findings that rest on it, and the pages that show it. Five queries at most."""
    attach_rivals([statistic])
    together = sorted([statistic, *statistic.rivals], key=lambda one: one.key)
    place = _place(statistic, index, request)
    if statistic.source and statistic.source.live:
        place["crumbs"].append({"title": statistic.source.title, "url": statistic.source.get_absolute_url()})
    return {
        "statistic": statistic,
        "figures": [together],
        "sources": list({one.source_id: one.source for one in together if one.source and one.source.live}.values()),
        "findings": _completed(statistic.findings.filter(live=True).select_related("source", "subject")),
        # Rivals are shown wherever one of them is.
        "shown_on": _pages_that_use(*together),
        **place,
    }


def _pages_that_use(*things: Any) -> list[Page]:
    """Public pages that name any of ``things``, among their figures or sources or in their text. Two queries."""
    named = Q(pk__in=[])
    for model in {type(thing) for thing in things}:
        keys = [str(thing.pk) for thing in things if type(thing) is model]
        named |= Q(to_content_type=ContentType.objects.get_for_model(model), to_object_id__in=keys)
    pages = ReferenceIndex.objects.filter(named, base_content_type=ContentType.objects.get_for_model(Page))
    return list(public_pages().filter(pk__in=set(pages.values_list("object_id", flat=True))).order_by("path"))


#: Kinds of findings that are called by their plural when there are several.
_SEVERAL = (Finding.Kind.STRENGTH, Finding.Kind.CONSTRAINT, Finding.Kind.RECOMMENDATION)


def _completed(findings: Any) -> list[Finding]:
    found = list(findings)
    for add in _additions:
        add(found)
    return found


def _facts(source: Source) -> list[dict[str, Any]]:
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
            "value": source.page_ref if source.held else "Nothing",
            "missing": not source.held,
        },
        {
            "label": "Licence",
            "value": source.licence or ("Not stated" if source.held else ""),
            "missing": not source.licence,
        },
    ]


def _place(thing: Any, index: BasePage, request: HttpRequest) -> dict[str, Any]:
    return {
        "crumbs": [
            *({"title": "Home", "url": page.url} for page in index.breadcrumbs()),
            {"title": index.title, "url": index.get_url(request)},
        ],
        "canonical": request.build_absolute_uri(thing.get_absolute_url()),
    }

"""The pages of a proposition's versions: all of them, one of them, two side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, re_path

from nelis.core.page_views import register_routes
from nelis.core.site_address import absolute_url
from sectors.citation_text import cite_proposition
from sectors.models import PropositionPage, PropositionVersion
from sectors.versions.compare import change_sentences, compare


def history(page: PropositionPage, request: HttpRequest) -> HttpResponse:
    """Every version with its note and, in words, what it changed."""
    return _render(request, page, "history", "Versions", {"versions": PropositionVersion.newest_first(page)})


def version(page: PropositionPage, request: HttpRequest, number: str) -> HttpResponse:
    """One version as it was; as JSON with ``?format=json``. Status 404 for one that doesn't exist."""
    version = _find(page, number)
    if version is None:
        return _missing(request, page, [number])
    if request.GET.get("format") == "json":
        return JsonResponse({"proposition": page.ref, **version.as_data()})
    numbers = PropositionVersion.objects.filter(proposition=page.pk).values_list("number", flat=True)
    context = {
        "version": version,
        "sections": [section for section in version.document.sections if section.lines],
        "newest": max(numbers),
        "corrections": list(version.corrections.defer("content")),
        "citation": cite_proposition(page, version, title=version.title),
    }
    return _render(request, page, "version", f"Version {version.number}", context)


def compare_versions(page: PropositionPage, request: HttpRequest) -> HttpResponse:
    """What changed from one version to another: by default, from the last but one to the last."""
    versions = PropositionVersion.newest_first(page)
    newest = versions[0].number if versions else 0
    numbers = [request.GET.get("from") or str(max(newest - 1, 1)), request.GET.get("to") or str(newest)]
    old, new = (_find(page, number) for number in numbers)
    if old is None or new is None:
        found = zip(numbers, (old, new), strict=True)
        return _missing(request, page, [number for number, version in found if version is None])
    changes = compare(old.document, new.document)
    context = {
        "old": old,
        "new": new,
        "versions": versions,
        "changes": changes,
        "words": change_sentences(changes),
        "canonical": absolute_url(f"{request.path}?from={old.number}&to={new.number}"),
    }
    return _render(request, page, "compare", f"Versions {old.number} and {new.number}", context)


def _find(page: PropositionPage, number: str) -> PropositionVersion | None:
    # Longer than any number of versions; what isn't a number is none.
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    versions = PropositionVersion.objects.filter(proposition=page.pk).select_related("corrects")
    return versions.filter(number=int(number)).first()


def _missing(request: HttpRequest, page: Any, numbers: list[str]) -> HttpResponse:
    context = {
        "numbers": list(dict.fromkeys(number[:60] for number in numbers)),
        "versions": PropositionVersion.newest_first(page),
    }
    return _render(request, page, "missing", "No such version", context, status=404)


def _render(
    request: HttpRequest, page: Any, name: str, current: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    crumbs = [{"title": parent.title, "url": parent.url} for parent in (*page.breadcrumbs(), page)]
    crumbs[0]["title"] = "Home"
    context = {
        "page": page,
        "title": f"{page.page_title}: {current.lower()}",
        "crumbs": crumbs,
        "current": current,
        "canonical": absolute_url(request.path) if status == 200 else "",
        **context,
    }
    return render(request, f"versions/{name}.html", context, status=status)


register_routes(
    PropositionPage,
    [
        path("history/", history, name="history"),
        re_path(r"^v(\d{1,9})/$", version, name="version"),
        path("compare/", compare_versions, name="compare"),
    ],
)

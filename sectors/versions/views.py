"""The pages of a proposition's versions: all of them, one of them, two side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from sectors.citation_text import cite_proposition
from sectors.models.versions import PropositionVersion
from sectors.versions.compare import change_sentences, compare

__all__ = ["compare_versions", "history", "version", "version_list"]


def version_list(page: Any) -> list[PropositionVersion]:
    """The versions of ``page``, newest first, without what they say. One query."""
    versions = PropositionVersion.objects.filter(proposition=page.pk).select_related("corrects", "entry")
    return list(versions.defer("content", "corrects__content").order_by("-number"))


def history(request: HttpRequest, page: Any) -> HttpResponse:
    """Every version with its note and, in words, what it changed."""
    return _render(request, page, "history", "Versions", {"versions": version_list(page)})


def version(request: HttpRequest, page: Any, number: str) -> HttpResponse:
    """One version as it was; as JSON with ``?format=json``. Status 404 for one that doesn't exist."""
    found = _find(page, number)
    if found is None:
        return _missing(request, page, [number])
    if request.GET.get("format") == "json":
        return JsonResponse({"proposition": page.ref, **found.as_data()})
    numbers = PropositionVersion.objects.filter(proposition=page.pk).values_list("number", flat=True)
    shown = [section for section in found.document.sections if section.lines]
    corrections = list(found.corrections.defer("content"))
    context = {"version": found, "sections": shown, "newest": max(numbers), "corrections": corrections}
    context["citation"] = cite_proposition(page, found, title=found.title)
    return _render(request, page, "version", f"Version {found.number}", context)


def compare_versions(request: HttpRequest, page: Any) -> HttpResponse:
    """What changed from one version to another: by default, from the last but one to the last."""
    versions = version_list(page)
    numbers = [one.number for one in versions]
    newest = numbers[0] if numbers else 0
    asked = [request.GET.get("from") or str(max(newest - 1, 1)), request.GET.get("to") or str(newest)]
    old, new = (_find(page, number) for number in asked)
    if old is None or new is None:
        return _missing(request, page, [number for number, one in zip(asked, (old, new), strict=True) if one is None])
    changes = compare(old.document, new.document)
    context = {"old": old, "new": new, "versions": versions, "changes": changes, "words": change_sentences(changes)}
    return _render(request, page, "compare", f"Versions {old.number} and {new.number}", context)


def _find(page: Any, number: str) -> PropositionVersion | None:
    # Longer than any number of versions; what isn't a number is none.
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    versions = PropositionVersion.objects.filter(proposition=page.pk).select_related("corrects")
    return versions.filter(number=int(number)).first()


def _missing(request: HttpRequest, page: Any, numbers: list[str]) -> HttpResponse:
    context = {"numbers": list(dict.fromkeys(number[:60] for number in numbers)), "versions": version_list(page)}
    return _render(request, page, "missing", "No such version", context, status=404)


def _render(
    request: HttpRequest, page: Any, name: str, current: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    crumbs = [{"title": above.title, "url": above.url} for above in (*page.breadcrumbs(), page)]
    crumbs[0]["title"] = "Home"
    shown = {"page": page, "crumbs": crumbs, "current": current, **context}
    return render(request, f"versions/{name}.html", shown, status=status)

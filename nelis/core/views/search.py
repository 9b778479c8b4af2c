"""The search page: parameters are ``q`` (the query), ``kind`` (a filter) and ``page``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from nelis.core.listing import Facet, Listing, Option, Row, build_listing
from nelis.core.models import SearchEntry
from nelis.core.search.highlighting import Part, excerpt, highlight
from nelis.core.search.query import (
    Match,
    MatchLevel,
    Query,
    SearchResults,
    entries_by_pk,
    parse_query,
    run_search,
)

PER_PAGE = 20
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    """One result, ready to show."""

    kind: str
    ref: str
    url: str
    title: list[Part]
    text: list[Part]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results, best first; for an empty query, the kinds with their numbers.

    Status 404, with the page as help, when the query string names a kind or a page that doesn't exist.
    """
    query = parse_query(request.GET.get("q", ""))
    kinds = dict(SearchEntry.objects.values_list("kind").annotate(models.Count("pk")).order_by("kind"))
    results = run_search(query) if query.terms else _browse(request, query)
    listing = _listing(results, kinds, request, query)
    context: dict[str, Any] = {
        "query": query.text,
        "listing": listing,
        "level": results.level.name.lower(),
        "correction": results.correction,
        "results": _results(listing, results),
        "kinds": _kinds(kinds),
    }
    response = TemplateResponse(request, "pages/search.html", context, status=listing.status)
    # Of no use in a search engine.
    response["X-Robots-Tag"] = "noindex"
    return response


def _browse(request: HttpRequest, query: Query) -> SearchResults:
    """Return everything of a kind in the order of references, when a kind is chosen without a query."""
    if query.text or not any(request.GET.getlist("kind")):
        return SearchResults(MatchLevel.NONE if query.text else MatchLevel.ALL)
    entries = sorted(SearchEntry.objects.only("pk", "kind", "ref", "title"), key=_natural_order)
    return SearchResults(MatchLevel.ALL, [Match(entry.pk, entry.kind) for entry in entries])


def _natural_order(entry: SearchEntry) -> tuple[Any, ...]:
    """P9 before P10; entries without a reference after those with one, by title."""
    parts = tuple((int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(entry.ref))
    return (not entry.ref, parts, entry.title.casefold())


def _listing(results: SearchResults, kinds: Mapping[str, int], request: HttpRequest, query: Query) -> Listing:
    facet = Facet("kind", "Kind", [Option(kind, kind) for kind in kinds])
    rows = [Row(match.pk, {"kind": frozenset([match.kind])}) for match in results.matches]
    listing = build_listing(rows, [facet], request.GET, per_page=PER_PAGE)
    # A choice without results is no help.
    facet.options = [option for option in facet.options if option.count or option.checked]
    if query.text:
        listing.query = "&".join(filter(None, [urlencode({"q": query.text}), listing.query]))
    return listing


def _results(listing: Listing, results: SearchResults) -> list[Result]:
    prefixes = results.level is MatchLevel.PREFIX
    return [
        Result(
            kind=entry.kind,
            ref=entry.ref,
            url=entry.url,
            title=highlight(entry.title, results.terms, prefixes),
            text=excerpt(entry.summary, entry.body, results.terms, prefixes),
        )
        for entry in entries_by_pk(list(listing.page.object_list))
    ]


def _kinds(kinds: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"kind": kind, "count": count, "url": "?" + urlencode({"kind": kind})} for kind, count in kinds.items()]

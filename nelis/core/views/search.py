"""The search page: ``q`` says what is searched for, ``kind`` narrows it, ``page`` turns the pages."""

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
    suggest,
)

__all__ = ["search"]

PER_PAGE = 20
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the result, ready to print."""

    kind: str
    ref: str
    url: str
    title: list[Part]
    text: list[Part]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was asked for, best first; or, for an empty query, what there is to be found.

    Answers 404, with the page as help, when the query string names a kind or a page that don't exist.
    """
    query = parse_query(request.GET.get("q", ""))
    counted = SearchEntry.objects.values_list("kind").annotate(models.Count("pk"))
    kinds = dict(counted.order_by("kind"))
    found = run_search(query) if query.terms else _browse(request, query)
    listing = _listing(found, kinds, request, query)
    context: dict[str, Any] = {
        "query": query.text,
        "listing": listing,
        "how": found.how.name.lower(),
        "results": _results(listing, query, found.how),
        "kinds": _kinds(kinds),
    }
    if query.text and found.how is not MatchLevel.ALL:
        context["spelling"], context["alike"] = suggest(query)
    response = TemplateResponse(request, "pages/search.html", context, status=listing.status)
    # Results change with every word typed: of no use in somebody else's search engine.
    response["X-Robots-Tag"] = "noindex"
    return response


def _browse(request: HttpRequest, query: Query) -> SearchResults:
    # Without a word but with a kind: everything of that kind, in the order of its references.
    if query.text or not any(request.GET.getlist("kind")):
        return SearchResults(MatchLevel.NOTHING if query.text else MatchLevel.ALL)
    entries = sorted(SearchEntry.objects.only("pk", "kind", "ref", "title"), key=_natural)
    return SearchResults(MatchLevel.ALL, [Match(entry.pk, entry.kind) for entry in entries])


def _natural(entry: SearchEntry) -> tuple[Any, ...]:
    # P9 before P10; things without a reference after those with one, by title.
    parts = tuple((int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(entry.ref))
    return (not entry.ref, parts, entry.title.casefold())


def _listing(found: SearchResults, kinds: Mapping[str, int], request: HttpRequest, query: Query) -> Listing:
    facet = Facet("kind", "Kind", [Option(kind, kind) for kind in kinds])
    rows = [Row(match.pk, {"kind": frozenset([match.kind])}) for match in found.matches]
    listing = build_listing(rows, [facet], request.GET, per_page=PER_PAGE)
    # A choice that would lead to nothing is no help.
    facet.options = [option for option in facet.options if option.count or option.checked]
    if query.text:
        listing.query = "&".join(filter(None, [urlencode({"q": query.text}), listing.query]))
    return listing


def _results(listing: Listing, query: Query, how: MatchLevel) -> list[Result]:
    prefixes = how is MatchLevel.BEGINNING
    return [
        Result(
            kind=entry.kind,
            ref=entry.ref,
            url=entry.url,
            title=highlight(entry.title, query.terms, prefixes),
            text=excerpt(entry.summary, entry.body, query.terms, prefixes),
        )
        for entry in entries_by_pk(list(listing.page.object_list))
    ]


def _kinds(kinds: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"kind": kind, "count": count, "url": "?" + urlencode({"kind": kind})} for kind, count in kinds.items()]

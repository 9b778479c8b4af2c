"""The links of a bulletin: whether each leads to something that any reader can open.

Every path of the site is looked up together with the others, so that a bulletin with many links costs what one with
few does. What comes after a # isn't looked at.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bs4 import Tag
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, Site

from engagement.bulletins.models import Bulletin
from nelis.core.routing import resolve as find_page
from nelis.core.search.places import public_pages

__all__ = ["CLOSED", "ELSEWHERE", "MISSING", "PLACE", "Link", "is_public_path", "links_of", "open_pages"]

#: Stands for what differs from one reader to the next.
PLACE = re.compile("⟦([^⟧]*)⟧")
OURS, MISSING, CLOSED, ELSEWHERE = "ours", "missing", "closed", "elsewhere"
#: Views that anybody may open, at the one address they have. Everything else of ours is for staff, for machines, for
#: whoever has a link of their own, or the answer to a form.
OPEN = {
    *("search", "complain", "sitemap", "robots_txt", "security_txt", "news_feed", "news_rss", "changes_feed"),
    *("events_calendar", "mailing_list:join", "mailing_list:link", "bulletins:archive", "bulletins:feed"),
    *("feedback:rounds", "feedback:join", "feedback:not_mine"),
}
#: Views that anybody may open, if there is what their address names: each is asked for it.
ASKED = {
    *("event_calendar", "respond", "feedback:round", "feedback:answer", "feedback:results", "feedback:outcome"),
    *("feedback:data", "feedback:data_file"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the mail, and whether it leads to something of ours, nowhere, behind a door, or elsewhere."""

    url: str
    words: str
    state: str


def links_of(soup: Tag, own: str) -> list[Link]:
    """The links of a mail, but for those of one reader. ``own`` is where its web page is, once it is sent."""
    found = [(str(link.get("href") or ""), link.get_text(" ", strip=True)) for link in soup.find_all("a")]
    found = [(url, words) for url, words in found if not PLACE.search(url)]
    paths = {url: urlsplit(url).path or "/" for url, _ in found if is_ours(url) and url != own}
    states = state_of_paths(paths.values())
    return [
        Link(url, words, states[paths[url]] if url in paths else OURS if own and url == own else beyond(url))
        for url, words in found
    ]


def is_ours(url: str) -> bool:
    """Whether it is an address of this site."""
    return url == settings.BASE_URL or url.startswith(tuple(f"{settings.BASE_URL}{sign}" for sign in "/?#"))


def beyond(url: str) -> str:
    """What is to be said of an address that isn't ours: nobody tries it."""
    return ELSEWHERE if urlsplit(url).scheme in ("http", "https", "mailto", "tel") else MISSING


def is_public_path(path: str) -> bool:
    """Whether anybody finds something at ``path`` on this site."""
    return state_of_paths([path])[path] == OURS


def state_of_paths(paths: Iterable[str]) -> dict[str, str]:
    """How each path stands: ours, missing or closed. A fixed number of queries for pages, documents and bulletins."""
    matches = {path: _match(path) for path in paths}
    found: dict[str, str] = {}
    pages, documents, bulletins = {}, {}, {}
    for path, match in matches.items():
        name = match.view_name if match else ""
        if match is None:
            found[path] = MISSING
        elif name == "wagtail_serve":
            pages[path] = unquote(path)
        elif name == "wagtaildocs_serve":
            documents[path] = int(match.args[0])
        elif name == "bulletins:bulletin":
            bulletins[path] = match.kwargs["slug"]
        elif name in ASKED:
            found[path] = OURS if _answers(match, path) else MISSING
        else:
            found[path] = OURS if name in OPEN else CLOSED
    for wanted, there in ((pages, _pages), (documents, _documents), (bulletins, _bulletins)):
        known = there(wanted.values()) if wanted else set()
        found |= {path: OURS if named in known else MISSING for path, named in wanted.items()}
    return found


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(unquote(path))
    except Resolver404:
        return None


def _asking(path: str) -> HttpRequest:
    """A request as a stranger makes it."""
    request: HttpRequest = RequestFactory(SERVER_NAME=urlsplit(settings.BASE_URL).hostname or "localhost").get(path)
    request.user = AnonymousUser()
    return request


def _answers(match: ResolverMatch, path: str) -> bool:
    try:
        status = match.func(_asking(path), *match.args, **match.kwargs).status_code
    except Http404:
        return False
    return bool(status < 400)


def _pages(paths: Iterable[str]) -> set[str]:
    """Those with a public page. Addresses below a page's own, which few have, are looked up one by one."""
    site = Site.find_for_request(_asking("/"))
    if site is None:
        return set()
    root = site.root_page.url_path
    by_url = {root + path.lstrip("/"): path for path in paths}
    live = Page.objects.live().public().filter(url_path__in=by_url).values_list("url_path", flat=True)
    found = {by_url[url] for url in live}
    return found | {path for path in by_url.values() if path not in found and _is_below_a_page(path)}


def _is_below_a_page(path: str) -> bool:
    routed = find_page(_asking("/"), path)
    if routed is None or not routed.page.live:
        return False
    return not PageViewRestriction.objects.filter(page__in=routed.page.get_ancestors(inclusive=True)).exists()


def _documents(keys: Iterable[int]) -> set[int]:
    documents = get_document_model().objects.filter(pk__in=set(keys))
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        documents = documents.exclude(collection__path__startswith=path)
    return set(documents.values_list("pk", flat=True))


def _bulletins(slugs: Iterable[str]) -> set[str]:
    return set(Bulletin.objects.on_the_web().filter(slug__in=set(slugs)).values_list("slug", flat=True))


def open_pages(pages: Iterable[Page | None]) -> set[int]:
    """The keys of those of ``pages`` that anybody may read."""
    keys = {page.pk for page in pages if page}
    return set(public_pages().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()

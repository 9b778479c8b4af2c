"""The links of a bulletin: whether each leads to something that any reader can open.

Every path of the site is looked up together with the others, so that a bulletin with many links costs what one with
few does. What comes after a # isn't looked at.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import Tag
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, Site

from engagement.bulletins.models import Bulletin
from nelis.core.search.urls import public_pages
from nelis.evidence.models import Source, Statistic
from nelis.evidence.paths import EVIDENCE_PATH, figure_path, publication_path

__all__ = [
    "EXTERNAL",
    "MISSING",
    "PLACEHOLDER",
    "RESTRICTED",
    "CheckedLink",
    "check_links",
    "is_public_path",
    "public_page_ids",
]

#: Stands for what differs from one reader to the next.
PLACEHOLDER = re.compile("⟦([^⟧]*)⟧")
INTERNAL, MISSING, RESTRICTED, EXTERNAL = "ours", "missing", "closed", "elsewhere"
#: Views that anybody may open, at the one address they have. Everything else of ours is for staff, for machines, for
#: whoever has a link of their own, or the answer to a form.
PUBLIC_VIEWS = {
    *("search", "complain", "sitemap", "robots_txt", "security_txt", "news_feed", "news_rss", "changes_feed"),
    *("events_calendar", "mailing_list:signup", "mailing_list:request_link", "bulletins:archive", "bulletins:feed"),
    *("feedback:rounds", "feedback:join", "feedback:not_mine"),
}
#: Views that anybody may open, if there is what their address names: each is asked for it.
QUERIED_VIEWS = {
    *("event_calendar", "respond", "feedback:round", "feedback:answer", "feedback:results", "feedback:outcome"),
    *("feedback:data", "feedback:data_file"),
}


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link of the mail, and whether it leads to something of ours, nowhere, behind a door, or elsewhere."""

    url: str
    words: str
    state: str


def check_links(soup: Tag, own: str) -> list[CheckedLink]:
    """The links of a mail, but for those of one reader. ``own`` is where its web page is, once it is sent."""
    found = [(str(link.get("href") or ""), link.get_text(" ", strip=True)) for link in soup.find_all("a")]
    found = [(url, words) for url, words in found if not PLACEHOLDER.search(url)]
    paths = {url: urlsplit(url).path or "/" for url, _ in found if is_internal(url) and url != own}
    states = path_states(paths.values())
    return [
        CheckedLink(
            url,
            words,
            states[paths[url]] if url in paths else INTERNAL if own and url == own else state_of_external(url),
        )
        for url, words in found
    ]


def is_internal(url: str) -> bool:
    """Whether it is an address of this site."""
    return url == settings.BASE_URL or url.startswith(tuple(f"{settings.BASE_URL}{sign}" for sign in "/?#"))


def state_of_external(url: str) -> str:
    """What is to be said of an address that isn't ours: nobody tries it."""
    return EXTERNAL if urlsplit(url).scheme in ("http", "https", "mailto", "tel") else MISSING


def is_public_path(path: str) -> bool:
    """Whether anybody finds something at ``path`` on this site."""
    return path_states([path])[path] == INTERNAL


def path_states(paths: Iterable[str]) -> dict[str, str]:
    """How each path stands: ours, missing or closed. A fixed number of queries for pages, documents and bulletins."""
    matches = {path: _resolve(path) for path in paths}
    found: dict[str, str] = {}
    pages: dict[str, str] = {}
    documents: dict[str, int] = {}
    bulletins: dict[str, str] = {}
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
        elif name in QUERIED_VIEWS:
            found[path] = INTERNAL if _responds(match, path) else MISSING
        else:
            found[path] = INTERNAL if name in PUBLIC_VIEWS else RESTRICTED
    there = {
        *_paths_found(pages, _public_paths),
        *_paths_found(documents, _public_documents),
        *_paths_found(bulletins, _public_bulletins),
    }
    return found | {path: INTERNAL if path in there else MISSING for path in (*pages, *documents, *bulletins)}


def _paths_found(named: dict[str, Any], look_up: Callable[[Iterable[Any]], set[Any]]) -> Iterator[str]:
    """The paths whose names are found, all looked up at once."""
    known = look_up(named.values()) if named else set()
    return (path for path, name in named.items() if name in known)


def _resolve(path: str) -> ResolverMatch | None:
    try:
        return resolve(unquote(path))
    except Resolver404:
        return None


def _anonymous_request(path: str) -> HttpRequest:
    """A request as a stranger makes it."""
    request: HttpRequest = RequestFactory(SERVER_NAME=urlsplit(settings.BASE_URL).hostname or "localhost").get(path)
    request.user = AnonymousUser()
    return request


def _responds(match: ResolverMatch, path: str) -> bool:
    try:
        status = match.func(_anonymous_request(path), *match.args, **match.kwargs).status_code
    except Http404:
        return False
    return bool(status < 400)


def _public_paths(paths: Iterable[str]) -> set[str]:
    """Those with a public page, or that such a page has an address for below its own, such as that of a version."""
    site = Site.find_for_request(_anonymous_request("/"))
    if site is None:
        return set()
    chains = {path: _prefixes(site.root_page.url_path, path) for path in paths}
    pages = Page.objects.filter(url_path__in={url for chain in chains.values() for url in chain})
    keys = dict(pages.values_list("url_path", "pk"))
    public = set(pages.live().public().values_list("url_path", flat=True))
    # The longest is the page itself, or the nearest above.
    nearest = {path: max((url for url in chain if url in keys), key=len, default="") for path, chain in chains.items()}
    nearest = {path: url for path, url in nearest.items() if url in public}
    below = {path: url for path, url in nearest.items() if url != chains[path][-1]}
    typed = Page.objects.filter(pk__in={keys[url] for url in below.values()}).specific()
    above = {page.pk: page for page in typed} if below else {}
    rests = {path: chains[path][-1].removeprefix(url) for path, url in below.items()}
    known = _evidence_paths() if any(path.startswith(EVIDENCE_PATH) for path in below) else set()
    return (nearest.keys() - below.keys()) | {
        path
        for path, url in below.items()
        if (path.lower() in known if path.startswith(EVIDENCE_PATH) else _has_route(above[keys[url]], rests[path]))
    }


def _prefixes(root: str, path: str) -> list[str]:
    """How the pages on the way to ``path`` are called in their table, the home page first."""
    parts = [part for part in path.split("/") if part]
    return [root + "".join(f"{part}/" for part in parts[:length]) for length in range(len(parts) + 1)]


def _has_route(page: Page, rest: str) -> bool:
    """Whether ``page`` answers at an address so far below its own. Whether it has what is named there, isn't asked."""
    if not isinstance(page, RoutablePageMixin):
        return False
    try:
        page.resolve_subpage(f"/{rest}")
    except Resolver404:
        return False
    return True


def _evidence_paths() -> set[str]:
    """The addresses of all publications and figures, of which there are some dozens."""
    publications = Source.objects.filter(live=True).values_list("ref", flat=True)
    figures = Statistic.objects.filter(live=True).values_list("key", flat=True)
    return {*map(publication_path, publications), *map(figure_path, figures)}


def _public_documents(keys: Iterable[int]) -> set[int]:
    documents = get_document_model().objects.filter(pk__in=set(keys))
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        documents = documents.exclude(collection__path__startswith=path)
    return set(documents.values_list("pk", flat=True))


def _public_bulletins(slugs: Iterable[str]) -> set[str]:
    return set(Bulletin.objects.on_the_web().filter(slug__in=set(slugs)).values_list("slug", flat=True))


def public_page_ids(pages: Iterable[Page | None]) -> set[int]:
    """The keys of those of ``pages`` that anybody may read."""
    keys = {page.pk for page in pages if page}
    return set(public_pages().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()

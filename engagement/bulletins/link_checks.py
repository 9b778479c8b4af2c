"""The links of a bulletin: whether each leads to something that any reader can open.

All paths of the site are looked up together, so that a bulletin with many links costs what one with few does. What
comes after a # isn't looked at.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
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
from wagtail.models import Page, Site

from engagement.bulletins.models import Bulletin
from nelis.core.site_address import site_host
from nelis.evidence.models import Source, Statistic
from nelis.evidence.paths import EVIDENCE_PATH, figure_path, publication_path

__all__ = ["EXTERNAL", "MISSING", "PLACEHOLDER", "RESTRICTED", "CheckedLink", "check_links", "is_public_path"]

#: Anything between the marks of placeholders, whether or not something fills it.
PLACEHOLDER = re.compile("⟦([^⟧]*)⟧")
INTERNAL, MISSING, RESTRICTED, EXTERNAL = "internal", "missing", "restricted", "external"
#: Views that anybody may open, at the one path they have. Every other view of ours that isn't looked up below is for
#: staff, for machines, for whoever has a link of their own, or answers a form.
PUBLIC_VIEWS = {
    *("search", "complain", "sitemap", "robots_txt", "security_txt", "news_feed", "news_rss", "changes_feed"),
    *("events_calendar", "mailing_list:signup", "mailing_list:request_link", "bulletins:archive", "bulletins:feed"),
    *("feedback:rounds", "feedback:join", "feedback:not_mine"),
}
#: Views that anybody may open, if there is what their path names: each is called, to see whether it answers.
QUERIED_VIEWS = {
    *("event_calendar", "respond", "feedback:round", "feedback:answer", "feedback:results", "feedback:outcome"),
    *("feedback:data", "feedback:data_file"),
}


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link of the email, and whether it leads to this site, nowhere, to what readers can't open, or elsewhere."""

    url: str
    words: str
    state: str


def check_links(soup: Tag, own_url: str) -> list[CheckedLink]:
    """Return the links of an email but those of one reader. ``own_url`` is where its web page will be."""
    links = [(str(link.get("href") or ""), link.get_text(" ", strip=True)) for link in soup.find_all("a")]
    links = [(url, words) for url, words in links if not PLACEHOLDER.search(url)]
    paths = {url: urlsplit(url).path or "/" for url, _ in links if is_internal(url)}
    states = path_states(path for url, path in paths.items() if url != own_url)

    def state_of(url: str) -> str:
        if own_url and url == own_url:
            return INTERNAL
        if url in paths:
            return states[paths[url]]
        # Nobody tries the addresses of others.
        return EXTERNAL if urlsplit(url).scheme in ("http", "https", "mailto", "tel") else MISSING

    return [CheckedLink(url, words, state_of(url)) for url, words in links]


def is_internal(url: str) -> bool:
    """Whether it is a URL of this site."""
    return url == settings.BASE_URL or url.startswith(tuple(f"{settings.BASE_URL}{sign}" for sign in "/?#"))


def is_public_path(path: str) -> bool:
    """Whether anybody finds something at ``path`` on this site."""
    return path_states([path])[path] == INTERNAL


def path_states(paths: Iterable[str]) -> dict[str, str]:
    """Return for each path whether it is internal, missing or restricted. A fixed number of queries for each view."""
    states: dict[str, str] = {}
    #: Paths of the views that are looked up together, by what each names: a page's path, a document's key, a slug.
    named: dict[str, dict[str, Any]] = defaultdict(dict)
    for path in paths:
        match = _resolve(path)
        if match is None:
            states[path] = MISSING
        elif match.view_name in _LOOKUPS:
            named[match.view_name][path] = next(iter([*match.args, *match.kwargs.values()]))
        elif match.view_name in QUERIED_VIEWS:
            states[path] = INTERNAL if _answers(match, path) else MISSING
        else:
            states[path] = INTERNAL if match.view_name in PUBLIC_VIEWS else RESTRICTED
    for view, names in named.items():
        found = _LOOKUPS[view](set(names.values()))
        states |= {path: INTERNAL if name in found else MISSING for path, name in names.items()}
    return states


def _resolve(path: str) -> ResolverMatch | None:
    try:
        return resolve(unquote(path))
    except Resolver404:
        return None


def _anonymous_request(path: str) -> HttpRequest:
    request: HttpRequest = RequestFactory(SERVER_NAME=site_host()).get(path)
    request.user = AnonymousUser()
    return request


def _answers(match: ResolverMatch, path: str) -> bool:
    try:
        response = match.func(_anonymous_request(path), *match.args, **match.kwargs)
    except Http404:
        return False
    return bool(response.status_code < 400)


def _public_pages(paths: set[str]) -> set[str]:
    """Return the paths of public pages, and those below one that it answers itself, such as that of a version."""
    site = Site.find_for_request(_anonymous_request("/"))
    if site is None:
        return set()
    #: For each path, the url_path that its page would have, and those of the pages above it.
    chains = {path: _url_paths(site.root_page.url_path, path) for path in paths}
    pages = Page.objects.filter(url_path__in={url_path for chain in chains.values() for url_path in chain})
    keys = dict(pages.values_list("url_path", "pk"))
    public = set(pages.live().values_list("url_path", flat=True))
    nearest = {path: next((url_path for url_path in chain if url_path in keys), "") for path, chain in chains.items()}
    found = {path for path, url_path in nearest.items() if url_path in public and url_path == chains[path][0]}
    below = {path: url_path for path, url_path in nearest.items() if url_path in public and path not in found}
    specific = Page.objects.filter(pk__in={keys[url_path] for url_path in below.values()}).specific()
    pages_above = {page.url_path: page for page in specific} if below else {}
    evidence = _evidence_paths() if any(path.startswith(EVIDENCE_PATH[1:]) for path in below) else set()
    for path, url_path in below.items():
        if path.startswith(EVIDENCE_PATH[1:]):
            is_found = f"/{path}".lower() in evidence
        else:
            is_found = _has_route(pages_above[url_path], chains[path][0].removeprefix(url_path))
        if is_found:
            found.add(path)
    return found


def _url_paths(root: str, path: str) -> list[str]:
    """Return the url_path of the page at ``path`` and of those above it, the home page last."""
    parts = [part for part in path.split("/") if part]
    return [root + "".join(f"{part}/" for part in parts[:length]) for length in range(len(parts), -1, -1)]


def _has_route(page: Page, rest: str) -> bool:
    """Whether ``page`` answers at a path so far below its own. Whether it has what is named there, isn't asked."""
    if not isinstance(page, RoutablePageMixin):
        return False
    try:
        page.resolve_subpage(f"/{rest}")
    except Resolver404:
        return False
    return True


def _evidence_paths() -> set[str]:
    """Return the paths of all publications and figures, of which there are some dozens."""
    publications = Source.objects.filter(live=True).values_list("ref", flat=True)
    figures = Statistic.objects.filter(live=True).values_list("key", flat=True)
    return {*map(publication_path, publications), *map(figure_path, figures)}


def _public_documents(keys: set[str]) -> set[str]:
    found = set(get_document_model().objects.filter(pk__in=keys).values_list("pk", flat=True))
    # 007 is 7.
    return {key for key in keys if int(key) in found}


def _public_bulletins(slugs: set[str]) -> set[str]:
    return set(Bulletin.objects.on_the_web().filter(slug__in=slugs).values_list("slug", flat=True))


#: By view: which of the things that paths name are there for anybody, all looked up at once.
_LOOKUPS: dict[str, Callable[[set[str]], set[str]]] = {
    "wagtail_serve": _public_pages,
    "wagtaildocs_serve": _public_documents,
    "bulletins:bulletin": _public_bulletins,
}

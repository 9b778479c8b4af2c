"""Where an address leads that nothing answers: to where its page is now, to the address that was meant, or nowhere
any more because it was taken down.

Three records say so: Wagtail's redirects (one is made for each page whose address changes, and editors add others), the
change log (what was taken down, where it stood, when and why), and the pages themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from django.db.models import F, Value
from django.db.models.functions import Lower, Replace
from django.http import HttpRequest
from django.urls import Resolver404
from django.urls import resolve as resolve_url
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from nelis.core import routing
from nelis.core.change_log import address_of
from nelis.core.models import ChangeEntry
from nelis.core.search.urls import public_pages

__all__ = ["Moved", "TakenDown", "find_former_address"]

#: A page that moved more often since is found all the same: redirects lead to pages, not to addresses.
MAX_STEPS = 5
#: The end of a file's name, such as ``calendar.ics``: no slash follows it.
_FILE = re.compile(r"\w\.[a-z]{2,4}$")


@dataclass(frozen=True, slots=True)
class Moved:
    """It is at ``url`` now."""

    url: str
    is_permanent: bool = True


@dataclass(frozen=True, slots=True)
class TakenDown:
    """It was taken down; ``at`` and ``reason`` as far as they are known. ``above`` is the nearest page still there."""

    at: datetime | None
    reason: str
    above: Page | None


def find_former_address(request: HttpRequest) -> Moved | TakenDown | None:
    """Find what an address that answered 404 leads to; None if it never led anywhere.

    Case, blanks and the last slash don't count. What is below a page, such as a version of a proposition, moves with
    it. Up to four queries for each step.
    """
    site = Site.find_for_request(request)
    path, seen = spelled(request.path_info), set()
    # PostgreSQL has no text with a NUL in it.
    if site is None or "\x00" in path:
        return None
    while path not in seen and len(seen) < MAX_STEPS:
        seen.add(path)
        found = _Step(request, site, path, is_first=len(seen) == 1).take()
        if not isinstance(found, str):
            return found
        path = found
    return None


def spelled(path: str) -> str:
    """``path`` as our addresses are written: in small letters, without blanks, with a slash at the end."""
    segments = ["".join(segment.split()) for segment in unquote(path).lower().split("/")]
    return _joined([segment for segment in segments if segment])


def _joined(segments: list[str]) -> str:
    is_file = bool(segments) and _FILE.search(segments[-1])
    return "/" + "/".join(segments) + ("" if is_file or not segments else "/")


class _Step:
    """One look at one path. ``take`` gives the answer, or another path to look at."""

    def __init__(self, request: HttpRequest, site: Site, path: str, *, is_first: bool) -> None:
        self.request, self.site, self.path, self.is_first = request, site, path, is_first
        self.segments = [segment for segment in path.split("/") if segment]

    def take(self) -> Moved | TakenDown | str | None:
        if len(self.segments) > routing.MAX_DEPTH:
            return None
        page, entry, length = self.deepest_page()
        if page is not None and page.live and length == len(self.segments):
            # Asked for as it is written, it meant its 404: a page of a list that doesn't exist.
            return self.moved(page.get_url(self.request))
        found = self.redirected(length) or self.deleted(length)
        if found is not None or page is None or page.live:
            return found or self.answering()
        if self.path != self.request.path_info and self.is_for_a_view():
            # It decides by itself: answers to a proposition that was taken down meanwhile are taken.
            return self.moved(self.path)
        return self.unpublished(page, entry)

    def deepest_page(self) -> tuple[Page | None, ChangeEntry | None, int]:
        """The deepest page on the path that is public, or was; when it was taken down; its number of segments."""
        for page, length in self.pages():
            entries = ChangeEntry.objects.filter(content_type=page.content_type_id, object_id=page.pk)
            entry = None if page.live else entries.filter(kind=ChangeEntry.Kind.WITHDRAWN).first()
            if page.live or entry or page.first_published_at:
                return page, entry, length
        return None, None, 0

    def pages(self) -> Iterator[tuple[Page, int]]:
        """The pages whose address the path begins with, the longest first, each with its number of segments."""
        root = self.site.root_page.url_path
        lengths = {root.lower() + path[1:]: length for path, length in self.beginnings().items()}
        pages = Page.objects.alias(lower_path=Lower("url_path")).filter(lower_path__in=[root.lower(), *lengths])
        for page in pages.order_by("-depth"):
            yield page, lengths.get(page.url_path.lower(), 0)

    def beginnings(self, longer_than: int = 0) -> dict[str, int]:
        """The path and those above it, by their number of segments."""
        return {
            f"/{'/'.join(self.segments[:length])}/": length for length in range(len(self.segments), longer_than, -1)
        }

    def rest(self, length: int) -> str:
        """What follows the first segments of the path, as it is added to an address."""
        return _joined(self.segments[length:])[1:]

    # --- What may be there ---------------------------------------------------------------------

    def unpublished(self, page: Page, entry: ChangeEntry | None) -> Moved | TakenDown:
        """Where readers of an unpublished page are led: where its editor chose, or to the reason."""
        own = Redirect.normalise_path(address_of(page))
        chosen = Redirect.get_for_site(self.site).filter(old_path=own, automatically_created=False).first()
        target = chosen and chosen.redirect_page
        found = self.moved(target.get_url(self.request)) if target is not None and target.live else None
        return found or self.taken_down(entry)

    def redirected(self, live_length: int) -> Moved | str | None:
        """Where a redirect leads from the path, or from the address of a page above it that is there no more."""
        paths = {path.rstrip("/"): length for path, length in self.beginnings(live_length).items()}
        exact = [self.path.rstrip("/")]
        if self.is_first and (query := self.request.META["QUERY_STRING"]):
            with_query = spelled_redirect(Redirect.normalise_path(f"{exact[0]}?{query}"))
            exact = [with_query, *exact] if "\x00" not in with_query else exact
        redirects = Redirect.get_for_site(self.site).select_related("redirect_page")
        without_blanks = Replace(Replace(Lower("old_path"), Value("%20"), Value("")), Value(" "), Value(""))
        rows = redirects.annotate(spelled=without_blanks).filter(spelled__in=[*exact, *paths])
        # Those of this site before those of all.
        rows = rows.order_by(F("site").desc(nulls_last=True), "pk")
        for row in sorted(rows, key=lambda row: -len(row.spelled)):
            if row.spelled in exact and not row.automatically_created and row.link:
                return self.moved(row.link, is_permanent=row.is_permanent, keeps_query="?" not in row.spelled)
            if row.automatically_created and row.spelled in paths:
                rest = self.rest(paths[row.spelled])
                if row.redirect_page:
                    return spelled(address_of(row.redirect_page)) + rest
                return urlsplit(row.redirect_link).path + rest
        return None

    def deleted(self, live_length: int) -> TakenDown | str | None:
        """What the change log says of something that was taken down at the path, or above it."""
        paths = self.beginnings(live_length)
        entries = ChangeEntry.objects.alias(lower_path=Lower("path")).filter(
            lower_path__in=paths, kind=ChangeEntry.Kind.WITHDRAWN
        )
        entry = max(entries, key=lambda entry: (len(entry.path), entry.pk), default=None)
        if entry is None:
            return None
        subject = entry.subject
        if subject is not None and subject.live and (address := address_of(subject)):
            # It is published again, at another address.
            return spelled(address) + self.rest(paths[entry.path.lower()])
        return self.taken_down(entry)

    def answering(self) -> Moved | None:
        """The path itself, if it isn't the one that was asked for and something answers there."""
        is_answered = self.is_for_a_view() or routing.resolve(self.request, self.path) is not None
        return self.moved(self.path) if is_answered else None

    def is_for_a_view(self) -> bool:
        """Whether a view other than that of pages is asked at the path."""
        try:
            return resolve_url(self.path).url_name != "wagtail_serve"
        except Resolver404:
            return False

    # --- The answer ----------------------------------------------------------------------------

    def moved(self, url: str | None, *, is_permanent: bool = True, keeps_query: bool = True) -> Moved | None:
        """``url`` with the query string of the request; None if that is where the request came from."""
        url = url or ""
        if url.startswith("/"):
            url = quote(url, safe="/:@!$&'()*+,;=~%?#")
        if not url or unquote(url) == self.request.path_info:
            return None
        query = self.request.META["QUERY_STRING"]
        keeps_query = keeps_query and bool(query) and "?" not in url and "#" not in url
        return Moved(f"{url}?{query}" if keeps_query else url, is_permanent)

    def taken_down(self, entry: ChangeEntry | None) -> TakenDown:
        """What to say, with the nearest public page on the way to it."""
        above = public_pages().filter(pk__in=[page.pk for page, _ in self.pages()], depth__gt=1)
        reason = entry.note if entry else ""
        return TakenDown(entry.at if entry else None, reason, above.order_by("-depth").first())


def spelled_redirect(path: str) -> str:
    """A redirect's path and query as they are compared: in small letters, without blanks."""
    return "".join(unquote(path).lower().split())

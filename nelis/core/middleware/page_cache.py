"""The page cache: public pages ready to send, until anything public changes.

A page is cached under the number of the content it was made from (``ContentVersion``). Every request queries that
number, so a change shows on the very next request, in every process, without purging: a page under an older number is
never looked up again.

Of the query string only those parameters count that were read when the page was made. Parameters that nothing reads,
made up or added by other sites, are answered with the same page.
"""

import hashlib
from collections.abc import Callable, Iterator
from time import time
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode

from nelis.core.models import ContentVersion

__all__ = ["FrontCacheMiddleware", "PageCacheMiddleware"]

#: Longer addresses are not cached: no link of ours is longer, and each would take up memory.
MAX_ADDRESS_LENGTH = 300
#: What kept pages alone say: browsers may keep them too, but ask again each time.
KEPT = "no-cache"
#: The headers that are cached with the content.
CACHED_HEADERS = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-Disposition",
    "Content-Security-Policy",
    "ETag",
    "Last-Modified",
    "Cache-Control",
    "Vary",
)


class FrontCacheMiddleware:
    """Let the web server in front keep a public page until the end of this second, and then ask again with its ETag.

    ``X-Accel-Expires`` is nginx’s own header, which it takes out. Every other response stays out of its cache. Stands
    outside ``ConditionalGetMiddleware``, because a 304 makes the kept page good for another second.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (200, 304) and response.get("Cache-Control") == KEPT and not response.cookies:
            response["X-Accel-Expires"] = f"@{int(time())}"
        return response


class PageCacheMiddleware:
    """Answer a repeated anonymous GET from memory.

    Stands outside compression and sessions, so that a cached response is ready to send and the same for everybody: a
    request with a session cookie passes through, and so does a response that sets a cookie or is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_cacheable_request(request):
            return self.get_response(request)
        cache = caches["pages"]
        address = self.address_key(request)
        names = cache.get(address) if request.META["QUERY_STRING"] else frozenset()
        if names is not None and (cached := cache.get(self.page_key(address, request, names))):
            content, headers = cached
            return HttpResponse(content, headers=headers)
        query = RecordingQuery.of(request.GET)
        request.GET = query  # type: ignore[assignment]  # as immutable as the one it stands for
        response = self.get_response(request)
        if self.is_cacheable_response(response):
            patch_cache_control(response, no_cache=True)
            known = cache.get(address)
            names = query.names_read | (known or frozenset())
            if names != known:
                cache.set(address, names, settings.PAGE_CACHE_SECONDS)
            if len(request.path + relevant_query(request, names)) <= MAX_ADDRESS_LENGTH:
                headers = {name: response[name] for name in CACHED_HEADERS if response.has_header(name)}
                key = self.page_key(address, request, names)
                cache.set(key, (response.content, headers), settings.PAGE_CACHE_SECONDS)
        return response

    def is_cacheable_request(self, request: HttpRequest) -> bool:
        return (
            settings.PAGE_CACHE_SECONDS > 0
            and request.method == "GET"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(settings.PAGE_CACHE_EXCLUDED_PATHS)
            and not request.META["QUERY_STRING"].startswith(settings.PAGE_CACHE_EXCLUDED_QUERIES)
            and len(request.path) <= MAX_ADDRESS_LENGTH
        )

    def is_cacheable_response(self, response: HttpResponse) -> bool:
        control = response.get("Cache-Control", "")
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "private" not in control
            and "no-store" not in control
        )

    def address_key(self, request: HttpRequest) -> str:
        """Hash what the response depends on besides the query. The day is there for notices of age."""
        gzip = "gzip" in request.headers.get("Accept-Encoding", "").lower()
        return hashed(
            ContentVersion.current(),
            timezone.localdate(),
            request.scheme,
            request.get_host(),
            "gzip" if gzip else "plain",
            request.path,
        )

    def page_key(self, address: str, request: HttpRequest, names: frozenset[str]) -> str:
        return hashed(address, relevant_query(request, names))


def hashed(*parts: object) -> str:
    # An address may hold characters that some cache backends refuse.
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


#: Among the names read: all of them, in their order.
WHOLE_QUERY = "*"


def relevant_query(request: HttpRequest, names: frozenset[str]) -> str:
    """Return the part of the query string that the parameters in ``names`` make up."""
    if WHOLE_QUERY in names:
        return str(request.META["QUERY_STRING"])
    given = {name: values for name, values in request.GET.lists() if name in names}
    return urlencode(sorted(given.items()), doseq=True)


class RecordingQuery(QueryDict):
    """The query string of a request, which notes the names of the parameters that are read.

    Whoever asks for all parameters, or how many there are, reads the whole query.
    """

    names_read: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: QueryDict) -> "RecordingQuery":
        recording = cls("", mutable=True, encoding=query.encoding)
        for name, values in query.lists():
            recording.setlist(name, values)
        recording._mutable = False
        recording.names_read = frozenset()
        return recording

    def _read(self, name: Any) -> None:
        self.names_read |= {str(name)}

    def __getitem__(self, name: str) -> Any:
        self._read(name)
        return super().__getitem__(name)

    def getlist(self, name: str, default: Any = None) -> Any:
        self._read(name)
        return super().getlist(name, default)

    def __contains__(self, name: object) -> bool:
        self._read(name)
        return super().__contains__(name)

    def __iter__(self) -> Iterator[Any]:
        self._read(WHOLE_QUERY)
        return super().__iter__()

    def __len__(self) -> int:
        self._read(WHOLE_QUERY)
        return super().__len__()

    def keys(self) -> Any:
        self._read(WHOLE_QUERY)
        return super().keys()

    def lists(self) -> Any:
        self._read(WHOLE_QUERY)
        return super().lists()

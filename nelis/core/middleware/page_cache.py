"""The page cache: public pages ready to send, until anything public changes.

A page is cached under the number of the content it was made from (``ContentVersion``). Every request queries that
number, so a change shows on the very next request, in every process, without purging: a page under an older number is
never looked up again.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from nelis.core.models import ContentVersion

__all__ = ["PageCacheMiddleware"]

#: Longer paths are not cached: no link of ours is longer, and each would take up memory.
MAX_PATH_LENGTH = 300
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
        key = self.cache_key(request)
        cache = caches["pages"]
        cached = cache.get(key)
        if cached is not None:
            content, headers = cached
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if self.is_cacheable_response(response):
            # Browsers may keep the page, but revalidate it each time.
            patch_cache_control(response, no_cache=True)
            headers = {name: response[name] for name in CACHED_HEADERS if response.has_header(name)}
            cache.set(key, (response.content, headers), settings.PAGE_CACHE_SECONDS)
        return response

    def is_cacheable_request(self, request: HttpRequest) -> bool:
        return (
            settings.PAGE_CACHE_SECONDS > 0
            and request.method == "GET"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(settings.PAGE_CACHE_EXCLUDED_PATHS)
            and not request.META["QUERY_STRING"].startswith(settings.PAGE_CACHE_EXCLUDED_QUERIES)
            and len(request.get_full_path()) <= MAX_PATH_LENGTH
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

    def cache_key(self, request: HttpRequest) -> str:
        """Hash what the response depends on: content, day (for notices of age), scheme, host, encoding and path."""
        gzip = "gzip" in request.headers.get("Accept-Encoding", "").lower()
        parts: tuple[Any, ...] = (
            ContentVersion.current(),
            timezone.localdate(),
            request.scheme,
            request.get_host(),
            "gzip" if gzip else "plain",
            request.get_full_path(),
        )
        # Hashed, because a path may hold characters that some cache backends refuse.
        return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()

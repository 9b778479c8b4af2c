"""Public pages kept ready to send, until anything public changes.

A page is kept under the number of the content it was made from (``ContentVersion``). Every request
asks the database for that number, one query, so a change shows on the very next request, in every
process, without any purging: what was kept under an older number is simply never asked for again.
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

#: Addresses longer than this are not kept: no link of ours is, and each would take up room.
MAX_PATH_LENGTH = 300
#: Kept besides the content itself, as the headers a reader's browser needs.
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
    """Answers a repeated anonymous GET from memory.

    Stands outside compression and sessions, so that a kept answer is ready to send and never
    depends on who asks: a request that carries the cookie of somebody signed in passes through, and
    so does any answer that sets a cookie or says it is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.may_keep_for(request):
            return self.get_response(request)
        key = self.key(request)
        cache = caches["pages"]
        kept = cache.get(key)
        if kept is not None:
            return self.restore(kept)
        response = self.get_response(request)
        if self.may_keep(response):
            # Readers' browsers may keep the page but ask each time whether it still holds.
            patch_cache_control(response, no_cache=True)
            cache.set(key, self.freeze(response), settings.PAGE_CACHE_SECONDS)
        return response

    def may_keep_for(self, request: HttpRequest) -> bool:
        return (
            settings.PAGE_CACHE_SECONDS > 0
            and request.method == "GET"
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and not request.path.startswith(settings.PAGE_CACHE_EXCLUDED_PATHS)
            and not request.META["QUERY_STRING"].startswith(settings.PAGE_CACHE_EXCLUDED_QUERIES)
            and len(request.get_full_path()) <= MAX_PATH_LENGTH
        )

    def may_keep(self, response: HttpResponse) -> bool:
        control = response.get("Cache-Control", "")
        return (
            response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "private" not in control
            and "no-store" not in control
        )

    def key(self, request: HttpRequest) -> str:
        """What the answer depends on: content, day (notices of age), host, scheme, address, encoding."""
        gzip = "gzip" in request.headers.get("Accept-Encoding", "").lower()
        parts: tuple[Any, ...] = (
            ContentVersion.current(),
            timezone.localdate(),
            request.scheme,
            request.get_host(),
            "gzip" if gzip else "plain",
            request.get_full_path(),
        )
        # Hashed, because an address may hold characters that some cache backends refuse.
        return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()

    def freeze(self, response: HttpResponse) -> tuple[bytes, dict[str, str]]:
        return response.content, {name: response[name] for name in CACHED_HEADERS if response.has_header(name)}

    def restore(self, kept: tuple[bytes, dict[str, str]]) -> HttpResponse:
        content, headers = kept
        return HttpResponse(content, headers=headers)

"""Let pages of other sites read the open data, and refuse everything but reading, in words."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control

__all__ = ["OPEN_PREFIXES", "OpenDataMiddleware"]

#: Where everything is for anybody's program.
OPEN_PREFIXES = ("/api/", "/data/")
METHODS = ("GET", "HEAD", "OPTIONS")
ALLOW = ", ".join(METHODS)
#: How long a browser remembers that it may ask, in seconds.
PREFLIGHT_SECONDS = "86400"


class OpenDataMiddleware:
    """Add the headers of cross-origin reading to every answer below ``OPEN_PREFIXES``, errors too.

    Nothing there depends on who asks, so no cookie is needed and none is allowed: the origin is “*”.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = response["Allow"] = ALLOW
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
        elif request.method not in METHODS:
            detail = f"The open data can be read only: {request.method} does nothing here."
            response = JsonResponse({"detail": detail, "problems": []}, status=405, headers={"Allow": ALLOW})
        else:
            response = self.get_response(request)
            if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
                # Kept by anybody, but asked for again each time.
                patch_cache_control(response, no_cache=True)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

"""Error pages in the site's design, without a page object, the database or a context processor.

Only the page for what was taken down is a page like others: it is no failure of ours.
"""

import logging
import re
import sys
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

__all__ = [
    "bad_request",
    "csrf_failure",
    "page_not_found",
    "page_taken_down",
    "permission_denied",
    "server_error",
    "unavailable",
]

logger = logging.getLogger(__name__)

#: Sent when even the template of an error page fails.
PLAIN = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
    '<meta name="robots" content="noindex">'
    f"<title>There is a problem with the site – {settings.SITE_NAME}</title></head>"
    "<body><main><h1>There is a problem with the site</h1>"
    "<p>Please try again in a few minutes.</p></main></body></html>"
)
#: After how long to try again.
RETRY_SECONDS = 60
_WORDS = re.compile(r"[^\W_]+")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: offer a search for the words of the URL."""
    return _respond("errors/404.html", 404, words=words_of(request.path))


def page_taken_down(request: HttpRequest, template: str = "errors/taken_down.html", **context: Any) -> HttpResponse:
    """410: since when and why something is off the site (``at``, ``reason``). It may be put back, so none keep it."""
    response = render(request, template, context, status=410)
    patch_cache_control(response, no_cache=True)
    return response


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _respond("errors/403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without a valid token. For the setting ``CSRF_FAILURE_VIEW``."""
    return _respond("errors/csrf.html", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that can't be parsed."""
    return _respond("errors/400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away, locked, full or read-only. Never raises."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return _respond("errors/500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: it may work in a minute. A form that was sent comes back, to be sent once more."""
    response = _respond("errors/unavailable.html", 503, action=request.get_full_path(), **_typed(request))
    response["Retry-After"] = RETRY_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of a form that was sent, without passwords; nothing if it can't be read."""
    try:
        fields = [
            (name, value)
            for name, values in (request.POST.lists() if request.method == "POST" else ())
            for value in values
            if "password" not in name
        ]
        return {"typed": fields, "has_files": bool(request.FILES)}
    except Exception:
        logger.warning("What was sent to %s could not be read", request.path)
        return {}


def words_of(path: str) -> str:
    """Return the words of the last part of a URL for the search box; at most 60 characters."""
    parts = [part for part in unquote(path[:400]).split("/") if part]
    return " ".join(_WORDS.findall(parts[-1]))[:60].strip() if parts else ""


def _respond(template: str, status: int, **context: Any) -> HttpResponse:
    # Whatever broke the site may break its templates too.
    html: str
    try:
        html = render_to_string(template, context)
    except Exception:
        logger.exception("The template %s failed", template)
        html = PLAIN
    return HttpResponse(html, status=status)

"""Middleware: what nothing answers is looked for where it was, before a reader is told that there is no page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.cache import patch_cache_control

from nelis.core.former_addresses import TakenDown, find_former_address
from nelis.core.middleware.security_headers import admin_prefix
from nelis.core.views.errors import page_taken_down

__all__ = ["FormerAddressMiddleware"]


class FormerAddressMiddleware:
    """Redirect from where a page was to where it is, and say 410 with the reason where one was taken down.

    Does what Wagtail's ``RedirectMiddleware`` does, and more: the query string comes along, a form that was opened
    before is posted to the new address (308), routes below a page move with it, and blanks and case don't count.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_prefix = admin_prefix()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or (self.admin_prefix and request.path_info.startswith(self.admin_prefix)):
            return response
        if not response.get("Content-Type", "").startswith("text/html"):
            # Said to a program, in its own format.
            return response
        found = find_former_address(request)
        if found is None:
            return response
        if isinstance(found, TakenDown):
            return page_taken_down(request, at=found.at, reason=found.reason, above=found.above)
        redirect = HttpResponsePermanentRedirect if found.is_permanent else HttpResponseRedirect
        response = redirect(found.url, preserve_request=request.method not in ("GET", "HEAD"))
        # Otherwise browsers keep a permanent redirect for good, and go in circles once the page is back.
        patch_cache_control(response, no_cache=True)
        return response

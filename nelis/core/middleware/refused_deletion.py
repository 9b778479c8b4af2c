"""Say in words why something wasn't deleted, at every address of the admin."""

from collections.abc import Callable

from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.admin import messages

from nelis.core.deletion import protected_message

__all__ = ["RefusedDeletionMiddleware"]


class RefusedDeletionMiddleware:
    """Answer a deletion that the database, or our own rule, refused: back to the page before, with the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ProtectedError | RestrictedError):
            return None
        message = protected_message(exception)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"success": False, "error_message": message}, status=409)
        messages.error(request, message)
        before = request.headers.get("referer", "")
        is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
        return redirect(before if is_ours else "wagtailadmin_home")

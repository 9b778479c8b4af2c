"""In the making."""

from django.http import HttpRequest, HttpResponse


def leave(request: HttpRequest) -> HttpResponse:
    """In the making."""
    return HttpResponse(status=404)

"""In the making."""

from django.http import HttpRequest, HttpResponse


def choices(request: HttpRequest) -> HttpResponse:
    """In the making."""
    return HttpResponse(status=404)

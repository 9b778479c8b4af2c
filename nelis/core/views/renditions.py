"""Resized images, on machines where no web server stands before the site to send them."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve as serve_file

__all__ = ["rendition"]


def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """One of them. Whoever reads a mail in a browser sees its images on another site: that may show them."""
    response = serve_file(request, path, document_root=str(settings.MEDIA_ROOT / "images"))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

"""Compression that leaves the identity of a response alone."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import set_response_etag

__all__ = ["CompressionMiddleware"]


class CompressionMiddleware(GZipMiddleware):
    """Give a response its ETag before compressing it.

    Django pads compressed pages at random, against guesses at secrets in them. An ETag of the compressed bytes would
    differ between processes that made the same page, and browsers would load it again and again.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        may_be_kept = "no-store" not in response.get("Cache-Control", "")
        if request.method == "GET" and may_be_kept and not response.has_header("ETag"):
            set_response_etag(response)
        return super().process_response(request, response)

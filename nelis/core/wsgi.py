"""What is put right about requests before Django makes anything of them: those that are cut off, and odd encodings."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import parse_header_parameters

from nelis.core.views.errors import bad_request

__all__ = ["IncompleteRequestMiddleware", "checked_application", "force_utf8"]

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def checked_application(application: Application) -> Application:
    """``application``, asked only with bodies that arrive whole, and with texts in UTF-8."""

    def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = force_utf8(environ.get("CONTENT_TYPE", ""))
        length = environ.get("CONTENT_LENGTH", "")
        if length.isascii() and length.isdecimal():
            environ["wsgi.input"] = CompleteBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return asked


class CompleteBody:
    """The body of a request. Reading it raises OSError if it ends before the length that was announced.

    Servers hand on what has arrived when a connection breaks. Half a form looks like a whole one in which the rest was
    left empty: what was kept of the rest would be deleted.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        """The next ``size`` bytes; all that are left without a number."""
        wanted = self.left if size < 0 else min(size, self.left)
        return self._took(self.stream.read(wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        """The next line, as far as it goes in ``size`` bytes."""
        wanted = self.left if size < 0 else min(size, self.left)
        line = self.stream.readline(wanted)
        return self._took(line, len(line) if line.endswith(b"\n") else wanted)

    def _took(self, data: bytes, wanted: int) -> bytes:
        if len(data) < wanted:
            raise OSError("The request was cut off.")
        self.left -= len(data)
        return data


def force_utf8(content_type: str) -> str:
    """A content type with no other encoding than that of our pages.

    Django takes any that Python knows, some of which fail before there is a page to say so.
    """
    if "charset" not in content_type.lower() and "*" not in content_type:
        return content_type
    try:
        kind, named = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return "application/octet-stream"
    boundary = str(named.get("boundary", "")).replace('"', "")
    return f'{kind}; boundary="{boundary}"' if boundary else kind


class IncompleteRequestMiddleware:
    """A request that was cut off is no fault of the site, and nothing to write to the log. Nobody reads the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return bad_request(request, exception) if isinstance(exception, UnreadablePostError) else None

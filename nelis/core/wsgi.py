"""Check requests before Django parses them: bodies that are cut off, and encodings other than UTF-8."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import parse_header_parameters

from nelis.core.views.errors import bad_request

__all__ = ["CompleteBody", "IncompleteRequestMiddleware", "checked_application", "force_utf8"]

#: As much as ``client_max_body_size`` in deploy/nginx.conf.
DRAINED_BYTES = 25 * 1024 * 1024

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def checked_application(application: Application) -> Application:
    """Wrap ``application`` so that it reads complete bodies only, in UTF-8."""

    def checked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = force_utf8(environ.get("CONTENT_TYPE", ""))
        length = environ.get("CONTENT_LENGTH", "")
        if length.isascii() and length.isdecimal() and int(length):
            environ["wsgi.input"] = body = CompleteBody(environ["wsgi.input"], int(length))
            return drained_after(application(environ, start_response), body)
        return application(environ, start_response)

    return checked


def drained_after(response: Iterable[bytes], body: "CompleteBody") -> Iterator[bytes]:
    """Yield ``response``, close it, and then read what is left of the request."""
    try:
        yield from response
    finally:
        if hasattr(response, "close"):
            response.close()
        body.drain()


class CompleteBody:
    """A request body that raises OSError if it ends before the announced length.

    Servers pass on what has arrived when a connection breaks. Half a form looks like a whole one in which the rest was
    left empty, and would delete what was saved of the rest.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        """Return the next ``size`` bytes; all that are left without a size."""
        expected = self.left if size < 0 else min(size, self.left)
        return self._count(self.stream.read(expected), expected)

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, at most ``size`` bytes of it."""
        expected = self.left if size < 0 else min(size, self.left)
        line = self.stream.readline(expected)
        return self._count(line, len(line) if line.endswith(b"\n") else expected)

    def drain(self) -> None:
        """Read and forget what nobody read, up to what the web server in front lets through.

        A connection that is closed on unread data is reset, and the sender may lose the answer that says why.
        """
        if self.left <= DRAINED_BYTES:
            with suppress(OSError):
                while self.left:
                    self.read(min(self.left, 64 * 1024))

    def _count(self, data: bytes, expected: int) -> bytes:
        if len(data) < expected:
            raise OSError("The request was cut off.")
        self.left -= len(data)
        return data


def force_utf8(content_type: str) -> str:
    """Return ``content_type`` without any charset, which leaves Django with UTF-8, the encoding of our pages.

    Django accepts any charset that Python knows, and some fail before there is an error page.
    """
    if "charset" not in content_type.lower() and "*" not in content_type:
        return content_type
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return "application/octet-stream"
    boundary = str(parameters.get("boundary", "")).replace('"', "")
    return f'{kind}; boundary="{boundary}"' if boundary else kind


class IncompleteRequestMiddleware:
    """Answer with status 400 and no log entry what is no error of the site.

    That is a request that was cut off, or one with a NUL in it that came as far as PostgreSQL, whose texts hold none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        has_nul = isinstance(exception, ValueError) and "NUL (0x00)" in str(exception)
        return bad_request(request, exception) if has_nul or isinstance(exception, UnreadablePostError) else None

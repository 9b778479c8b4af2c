"""What a room is measured beside: the same addresses and forms, from a server that keeps nothing."""

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

PAGE = b'<main><form><input type="hidden" name="form" value="1"><textarea name="%s"></textarea></form>%s</main>'
#: As long as a page of the form is.
FILLER = b"<p>Words that are not looked at.</p>" * 280
AFTER = {"/answer/1/": "answer/2/", "/answer/2/": "about-you/", "/about-you/": "check/", "/check/": "receipt/"}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A form of two pages, about you, check, receipt."""
    path, key = environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"]).get("k", [""])[0]
    if environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read()
    if path.startswith("/join/"):
        return redirect(start_response, f"/feedback/bare/answer/1/?k={secrets.token_urlsafe(24)}")
    if environ["REQUEST_METHOD"] == "POST":
        after = next(to for at, to in AFTER.items() if path.endswith(at))
        return redirect(start_response, f"/feedback/bare/{after}?k={key}")
    body = PAGE % (str(UUID(int=1)).encode(), FILLER)
    if path.endswith("/receipt/"):
        body += b'<strong class="nb">AAAA-%04d</strong>' % secrets.randbelow(10_000)
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def redirect(start_response: Callable[..., Any], to: str) -> Iterable[bytes]:
    """On to another address."""
    start_response("302 Found", [("Location", to), ("Content-Length", "0")])
    return []

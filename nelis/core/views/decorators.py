"""Forms and private pages for people without an account, to whom no cookie is set."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

__all__ = ["no_store", "private_page", "public_form"]

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """For a page with a form that anybody may use. It is made afresh each time, since its stamp ages.

    Exempt from the check against forged forms, which would need a cookie. Nothing a form of ours does needs to know
    who sends it: what counts comes by mail, to the address itself.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return csrf_exempt(wrapped)


def private_page(view: View) -> View:
    """For a page whose address lets whoever has it see or change something: a link from a mail, the key of answers.

    Kept by nobody, found by no search engine, told to no other site. Exempt as above: whoever has the link may use it,
    and nobody else can make a browser send it.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return no_store(view(request, *args, **kwargs))

    return csrf_exempt(wrapped)


def no_store(response: HttpResponse) -> HttpResponse:
    """The same answer, which no cache keeps, no search engine lists, and whose address no other site is told."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response

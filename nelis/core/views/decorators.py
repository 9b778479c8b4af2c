"""View decorators for forms and private pages of people without an account, to whom no cookie is set."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def public_form(view: View) -> View:
    """For a page with a form that anybody may use: never cached, since its form token ages.

    Exempt from the CSRF check, which would need a cookie. No such form needs to know who sends it: what counts comes
    by email, to the address itself.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    return csrf_exempt(wrapped)


def private_page(view: View) -> View:
    """For a page whose URL is a secret: a link from an email, the key of a response.

    Never cached, in no search engine, no referrer to other sites. Exempt from the CSRF check: whoever has the link may
    use it, and nobody else can make a browser send it.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return no_store(view(request, *args, **kwargs))

    return csrf_exempt(wrapped)


def no_store(response: HttpResponse) -> HttpResponse:
    """Keep ``response`` out of caches and search engines, and its URL out of referrers."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response

"""What the pages of signing in have in common: no cache keeps them, and no script but our own files runs in them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from nelis.core.middleware.security_headers import ADMIN_POLICY, COMMON_HEADERS, policy_text

__all__ = ["sign_in_page"]

View = Callable[..., Any]

POLICY = policy_text(ADMIN_POLICY | {"script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'"})
FEATURES = COMMON_HEADERS["Permissions-Policy"].replace(
    "publickey-credentials-get=()", "publickey-credentials-get=(self)"
)


def sign_in_page(view: View) -> View:
    """For a view of signing in: a stricter policy than the admin's, and passkeys allowed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = never_cache(view)(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Permissions-Policy"] = FEATURES
        return response

    return wrapped

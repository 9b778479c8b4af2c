"""Security headers on every response, whatever its status."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

__all__ = ["ADMIN_POLICY", "PREVIEW_POLICY", "PUBLIC_POLICY", "SecurityHeadersMiddleware", "policy_text"]

Policy = dict[str, str]

# Public pages: nothing but our own files, nothing inline, in no frame.
PUBLIC_POLICY: Policy = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'none'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}

# The preview of a public page, in a frame of the admin.
PREVIEW_POLICY: Policy = PUBLIC_POLICY | {"frame-ancestors": "'self'"}

# Wagtail's admin starts its date pickers, choosers and inline panels with scripts inside the page,
# and its editors set styles the same way. Nothing from elsewhere, no plug-ins, no eval.
ADMIN_POLICY: Policy = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "script-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self' blob:",
    "frame-src": "'self'",
    "worker-src": "'self' blob:",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
    "manifest-src": "'self'",
}

# Browser features that no page uses.
REFUSED_FEATURES = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)

COMMON_HEADERS = {
    # Django's SecurityMiddleware sends the first three as well, but not on a request it refuses itself.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Add the headers that a response doesn't have yet, so that a view can set a stricter policy of its own.

    Must come first in MIDDLEWARE: Django turns the exceptions of those below into responses, so this sees them too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_prefix = admin_prefix()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A 304 updates the headers of the page in the browser's cache, which may have a policy of its own.
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Content-Security-Policy", policy_text(self.policy(request)))
        for name, value in COMMON_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def policy(self, request: HttpRequest) -> Policy:
        """Return the policy for the response to ``request``."""
        # Wagtail builds a preview by sending a request of its own through the middleware.
        if getattr(request, "is_preview", False):
            return PREVIEW_POLICY
        if self.admin_prefix and request.path_info.startswith(self.admin_prefix):
            return ADMIN_POLICY
        return PUBLIC_POLICY


def admin_prefix() -> str:
    """Return the path of the admin; empty when this site has none."""
    try:
        return reverse("wagtailadmin_home")
    except NoReverseMatch:
        return ""


def policy_text(policy: Policy) -> str:
    """Return the policy as the value of the header."""
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())

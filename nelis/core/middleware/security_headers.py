"""Security headers on every answer, whatever its status."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

__all__ = ["ADMIN_POLICY", "PUBLIC_POLICY", "SecurityHeadersMiddleware"]

Policy = dict[str, str]

# The public pages: nothing but our own files, nothing inline, nobody else's frame.
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

# A draft of a public page, shown to its editor in a frame of the admin.
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

# Features no page of ours uses, refused to anything that might get in.
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
    """Adds the headers that an answer doesn't have yet, so that a view can set a tighter policy of its own.

    Must come first in MIDDLEWARE: Django turns whatever the ones below raise into an answer, so this sees it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin_prefix = admin_prefix()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # "Not modified" renews the headers that the reader's browser keeps. The page there may have a policy of
        # its own, which this answer doesn't know.
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Content-Security-Policy", policy_text(self.policy(request)))
        for name, value in COMMON_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def policy(self, request: HttpRequest) -> Policy:
        """Which of the policies an answer to ``request`` gets."""
        # Wagtail builds a preview by sending a request of its own through the middleware.
        if getattr(request, "is_preview", False):
            return PREVIEW_POLICY
        if self.admin_prefix and request.path_info.startswith(self.admin_prefix):
            return ADMIN_POLICY
        return PUBLIC_POLICY


def admin_prefix() -> str:
    """Where the admin lives, or nothing when this site has none."""
    try:
        return reverse("wagtailadmin_home")
    except NoReverseMatch:
        return ""


def policy_text(policy: Policy) -> str:
    """The policy as the header says it."""
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())

"""Previews of a bulletin: as email in several forms, as a web page, and what is still missing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe

from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.emails import sample_message
from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import SnapshotError, take_snapshot
from nelis.core.middleware.security_headers import PREVIEW_POLICY, policy_text

__all__ = ["as_dark", "as_on_a_phone", "render_preview"]

#: Emails have their styles in their elements. Nothing in them runs: scripts stay those of the site.
EMAIL_POLICY = PREVIEW_POLICY | {"style-src": "'self' 'unsafe-inline'", "form-action": "'none'"}
PHONE_WIDTH = 320


def render_preview(
    request: HttpRequest, bulletin: Bulletin, mode: str, snapshot: dict[str, Any] | None = None
) -> HttpResponse:
    """Return a bulletin as it stands, or as its ``snapshot`` says, in one of the preview modes of its model."""

    def page(name: str, **context: Any) -> HttpResponse:
        return TemplateResponse(request, f"admin/bulletins/preview_{name}.html", {"object": bulletin, **context})

    if mode == "checks":
        return page("checks", report=check_bulletin(bulletin)[1])
    try:
        snapshot = snapshot or take_snapshot(bulletin)
    except SnapshotError as error:
        return page("error", why=str(error))
    if mode == "web":
        # Made of templates when the snapshot was taken.
        return page("web", html=mark_safe(snapshot["web"]))  # noqa: S308
    message = sample_message(bulletin, snapshot)
    if mode == "text":
        return page("text", message=message)
    convert = {"phone": as_on_a_phone, "dark": as_dark}.get(mode, str)
    return email_response(request, convert(message.html))


# Assigned here, so that the model needs to import nothing that renders it.
Bulletin.render_preview = render_preview


def email_response(request: HttpRequest, html: str) -> HttpResponse:
    """Return the HTML of an email as a page of its own, for a frame of the admin."""
    userbar = TemplateResponse(request, "admin/bulletins/preview_userbar.html", {}).render().content.decode()
    head, _, tail = html.rpartition("</body>")
    response = HttpResponse(f"{head}{userbar}</body>{tail}")
    response["Content-Security-Policy"] = policy_text(EMAIL_POLICY)
    return response


def as_dark(html: str) -> str:
    """Return an email as programs in a dark scheme show it, on a screen that isn't."""
    return html.replace("@media (prefers-color-scheme: dark)", "@media all").replace(
        "color-scheme: light dark", "color-scheme: dark"
    )


def as_on_a_phone(html: str) -> str:
    """Return an email as wide as a small phone, on a screen that is wider."""
    narrow = f"<style>body {{ max-inline-size: {PHONE_WIDTH}px; margin: 0 auto !important; }}</style></head>"
    return html.replace("@media (max-width: 620px)", "@media all").replace("</head>", narrow, 1)

"""A bulletin as it stands in its form, in each of the ways it will be read, and what is still missing."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe

from engagement.bulletins.approval_checks import check_bulletin
from engagement.bulletins.emails import TEST_LINK, sample_template
from engagement.bulletins.models import Bulletin
from engagement.bulletins.snapshot import SnapshotError, take_snapshot
from engagement.mail.message import Message
from engagement.mailing_list.links import absolute_url
from nelis.core.middleware.security_headers import PREVIEW_POLICY, policy_text

__all__ = ["as_dark", "as_on_a_phone", "message_response", "preview", "sample_message"]

#: Mails have their styles in their elements. Nothing in them runs: scripts stay those of the site.
MAIL_POLICY = PREVIEW_POLICY | {"style-src": "'self' 'unsafe-inline'", "form-action": "'none'"}
PHONE = 320


def preview(request: HttpRequest, bulletin: Bulletin, mode: str) -> HttpResponse:
    """The bulletin in one of the preview modes of its model."""
    if mode == "checks":
        frozen, report = check_bulletin(bulletin)
        return TemplateResponse(request, "admin/bulletins/preview_checks.html", {"object": bulletin, "report": report})
    try:
        frozen = take_snapshot(bulletin)
    except SnapshotError as unfit:
        return TemplateResponse(request, "admin/bulletins/preview_error.html", {"object": bulletin, "why": str(unfit)})
    if mode == "web":
        # Made of templates, as it will be when it is frozen.
        html = mark_safe(frozen["web"])  # noqa: S308
        return TemplateResponse(request, "admin/bulletins/preview_web.html", {"object": bulletin, "html": html})
    letter = sample_message(bulletin, frozen)
    if mode == "text":
        return TemplateResponse(request, "admin/bulletins/preview_text.html", {"object": bulletin, "letter": letter})
    return message_response(request, letter, mode)


def sample_message(bulletin: Bulletin, frozen: dict[str, object]) -> Message:
    """The mail of a reader who gets all of it, with links that lead nowhere."""
    nowhere = absolute_url(TEST_LINK)
    return sample_template(frozen, bulletin).fill("reader@example.org", {"leave": nowhere, "choices": nowhere})


def message_response(request: HttpRequest, letter: Message, mode: str = "mail") -> HttpResponse:
    """The HTML of a mail as a page of its own, for a frame of the admin."""
    html = letter.html
    if mode == "phone":
        html = as_on_a_phone(html)
    elif mode == "dark":
        html = as_dark(html)
    userbar = TemplateResponse(request, "admin/bulletins/preview_userbar.html", {}).render().content.decode()
    head, _, tail = html.rpartition("</body>")
    response = HttpResponse(f"{head}{userbar}</body>{tail}")
    response["Content-Security-Policy"] = policy_text(MAIL_POLICY)
    return response


def as_dark(html: str) -> str:
    """A mail as programs in a dark scheme show it, on a screen that isn't."""
    return html.replace("@media (prefers-color-scheme: dark)", "@media all").replace(
        "color-scheme: light dark", "color-scheme: dark"
    )


def as_on_a_phone(html: str) -> str:
    """A mail as wide as a small phone, on a screen that is wider."""
    narrow = f"<style>body {{ max-inline-size: {PHONE}px; margin: 0 auto !important; }}</style></head>"
    return html.replace("@media (max-width: 620px)", "@media all").replace("</head>", narrow, 1)

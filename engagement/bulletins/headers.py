"""The headers of each kind of bulletin, beyond From, To, Subject, Date and Message-ID, which the mail app sets."""

from urllib.parse import urlsplit

from django.conf import settings

from engagement.bulletins.models import Bulletin

__all__ = ["REQUIRED_HEADERS", "headers_for"]

#: Without these, nothing goes out.
REQUIRED_HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID", "Precedence")


def headers_for(bulletin: Bulletin, web_url: str = "") -> dict[str, str]:
    """The headers, with the place ⟦leave⟧ for the address that ends one reader's subscription."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    headers = {
        "List-Unsubscribe": "<⟦leave⟧>",
        # RFC 8058: mail programs may leave for their reader with one POST, without opening a page.
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f'"{settings.SITE_NAME}" <bulletins.{host}>',
        # Which mail a complaint is about, for providers that count: nothing in it names a reader.
        "Feedback-ID": f"{bulletin.pk or 0}:{bulletin.kind}:bulletins:{host}",
        # Keeps out-of-office replies away from whoever reads the address it comes from.
        "Precedence": "bulk",
    }
    if web_url:
        headers["Archived-At"] = f"<{web_url}>"
    if bulletin.is_generated:
        headers["Auto-Submitted"] = "auto-generated"
    return headers

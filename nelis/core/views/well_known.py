"""Small text files that machines look for at fixed addresses: robots.txt and security.txt."""

from datetime import UTC, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from nelis.core.models import SiteSettings
from nelis.core.search.text import clean_text
from nelis.core.search.urls import single_page_url

__all__ = ["robots_txt", "security_txt"]

PLAIN_TEXT = "text/plain; charset=utf-8"
#: RFC 9116 recommends less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What search engines should leave out, and where the list of pages is."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('wagtailadmin_home')}",
        f"Disallow: {reverse('search')}",
        "",
        f"Sitemap: {sitemap}",
    ]
    return _text(lines)


@require_safe
def security_txt(request: HttpRequest, contact_page: str) -> HttpResponse:
    """Where to report a security problem (RFC 9116).

    That is what the site's settings say, else the page of the type ``contact_page``. Without either
    there is no such file: one that names nobody would be worse.
    """
    contact = _security_contact(request) or single_page_url(contact_page)
    if not contact:
        raise Http404("No contact for security problems is known.")
    # Counted from midnight, so that all answers of one day are the same.
    midnight = datetime.combine(timezone.now().astimezone(UTC), time(), UTC)
    lines = [
        f"Contact: {request.build_absolute_uri(contact) if contact.startswith('/') else contact}",
        f"Expires: {midnight + SECURITY_TXT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return _text(lines)


def _security_contact(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    settings = SiteSettings.objects.filter(site=site).first() if site else None
    contact = clean_text(settings.security_contact) if settings else ""
    # People write an address where the file needs a URI.
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN_TEXT)

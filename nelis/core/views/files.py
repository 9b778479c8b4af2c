"""Files at fixed URLs: robots.txt, security.txt, and image renditions where no web server serves them."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.models import Site

from nelis.core.models import SiteSettings
from nelis.core.search.urls import single_page_url
from nelis.core.site_address import absolute_url
from nelis.core.text import clean_text

PLAIN_TEXT = "text/plain; charset=utf-8"
#: RFC 9116 recommends less than a year.
SECURITY_TXT_LASTS = timedelta(days=180)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave out, and where the sitemap is."""
    return _text_file(
        [
            "User-agent: *",
            f"Disallow: {reverse('wagtailadmin_home')}",
            f"Disallow: {reverse('search')}",
            "",
            f"Sitemap: {absolute_url(reverse('sitemap'))}",
        ]
    )


@require_safe
def security_txt(request: HttpRequest, contact_page: str) -> HttpResponse:
    """Say where to report a security problem (RFC 9116).

    That is the contact in the site's settings, else the page of the type ``contact_page``. 404 without either: a file
    without a contact would be worse than none.
    """
    contact = _security_contact(request) or single_page_url(contact_page)
    if not contact:
        raise Http404("No contact for security problems is known.")
    # Counted from midnight, so that the file is the same all day.
    midnight = datetime.combine(timezone.now().astimezone(UTC), time(), UTC)
    return _text_file(
        [
            f"Contact: {absolute_url(contact)}",
            f"Expires: {midnight + SECURITY_TXT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en",
            f"Canonical: {absolute_url(request.path)}",
        ]
    )


def _security_contact(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    site_settings = SiteSettings.objects.filter(site=site).first() if site else None
    contact = clean_text(site_settings.security_contact) if site_settings else ""
    # Editors type an email address where the file needs a URI.
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact


def _text_file(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN_TEXT)


def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve an image rendition, to other sites too: webmail shows the images of our emails."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT / "images"))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

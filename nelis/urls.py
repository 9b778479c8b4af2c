"""All addresses of the site."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from engagement.complaints.views import complain, received
from engagement.feedback.views.filling import respond
from engagement.post.webhooks import provider_events
from nelis.core.routing import serve
from nelis.core.views.renditions import rendition
from nelis.core.views.search import search
from nelis.core.views.specimen import pictures, specimen
from nelis.core.views.wellknown import robots_txt, security_txt
from nelis.home.calendar import all_events, one_event
from nelis.home.feeds import ChangesAtom, NewsAtom, NewsRss
from nelis.home.sitemaps import SITEMAPS

# Resized images only: the originals and the documents under the media folder are never sent as they are.
renditions = [path("media/images/<path:path>", rendition)] if settings.SERVE_RENDITIONS else []

# Every component with sample data, for those who work on the design.
components = [path("styleguide/", specimen), path("styleguide/pictures/", pictures)] if settings.DEBUG else []

urlpatterns = [
    *components,
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    *renditions,
    path("post/events/<slug:provider>/tracking/", provider_events, name="provider_events"),
    path("search/", search, name="search"),
    path("data-protection-complaint/", complain, name="complain"),
    path("data-protection-complaint/received/", received, name="complaint_received"),
    path("mailing-list/", include("engagement.mailing_list.urls")),
    path("news/atom/", NewsAtom(), name="news_feed"),
    path("news/rss/", NewsRss(), name="news_rss"),
    path("changes/atom/", ChangesAtom(), name="changes_feed"),
    path("bulletins/", include("engagement.bulletins.urls")),
    path("events/calendar.ics", all_events, name="events_calendar"),
    path("events/<slug:slug>/calendar.ics", one_event, name="event_calendar"),
    path("", include("engagement.feedback.urls")),
    path("propositions/<slug:slug>/respond/", respond, name="respond"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots_txt, name="robots_txt"),
    path(
        ".well-known/security.txt",
        security_txt,
        {"contact_page": "home.ContactPage"},
        name="security_txt",
    ),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
]

handler400 = "nelis.core.views.errors.bad_request"
handler403 = "nelis.core.views.errors.permission_denied"
handler404 = "nelis.core.views.errors.page_not_found"
handler500 = "nelis.core.views.errors.server_error"

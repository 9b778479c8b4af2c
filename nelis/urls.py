"""All URLs of the site."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from engagement.complaints.views import complain, received
from engagement.feedback.views.answer_views import respond_to_proposition
from engagement.mail.webhooks import provider_webhook
from nelis.core.admin.edit_views import edit_page, edit_setting
from nelis.core.admin.own_account import own_account
from nelis.core.privacy import not_offered
from nelis.core.routing import serve
from nelis.core.views.charts import chart_file
from nelis.core.views.errors import page_not_found
from nelis.core.views.files import rendition, robots_txt, security_txt
from nelis.core.views.health import live, ready
from nelis.core.views.search import search
from nelis.core.views.styleguide import share_pictures, styleguide
from nelis.home.calendar import event_calendar, events_calendar
from nelis.home.feeds import ChangesAtom, NewsAtom, NewsRss
from nelis.home.sitemaps import SITEMAPS

# Renditions only: originals and documents in the media folder are never served as files.
renditions = [path("media/images/<path:path>", rendition)] if settings.SERVE_RENDITIONS else []

# Every component with sample data, for developers.
styleguide_urls = [path("styleguide/", styleguide), path("styleguide/pictures/", share_pictures)]

urlpatterns = [
    *(styleguide_urls if settings.DEBUG else []),
    # Before Wagtail's, which are the same addresses.
    path("admin/pages/<int:page_id>/edit/", edit_page),
    path("admin/settings/<slug:app_name>/<slug:model_name>/<int:pk>/", edit_setting),
    path("admin/account/", own_account),
    path("admin/pages/<int:page_id>/privacy/", not_offered),
    path("admin/collections/<int:collection_id>/privacy/", not_offered),
    # What Wagtail tries its error pages with.
    path("admin/failwhale/", page_not_found),
    path("admin/test404/", page_not_found),
    path("admin/", include("nelis.staff.urls")),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    *renditions,
    path("post/events/<slug:provider>/tracking/", provider_webhook, name="provider_events"),
    path("_health/live/", live, name="health_live"),
    path("_health/ready/", ready, name="health_ready"),
    path("search/", search, name="search"),
    path("charts/<slug:name>.<slug:ending>", chart_file, name="chart_file"),
    path("data-protection-complaint/", complain, name="complain"),
    path("data-protection-complaint/received/", received, name="complaint_received"),
    path("mailing-list/", include("engagement.mailing_list.urls")),
    path("news/atom/", NewsAtom(), name="news_feed"),
    path("news/rss/", NewsRss(), name="news_rss"),
    path("changes/atom/", ChangesAtom(), name="changes_feed"),
    path("bulletins/", include("engagement.bulletins.urls")),
    path("events/calendar.ics", events_calendar, name="events_calendar"),
    path("events/<slug:slug>/calendar.ics", event_calendar, name="event_calendar"),
    path("", include("engagement.feedback.urls")),
    path("", include("nelis.open_data.urls")),
    path("propositions/<slug:slug>/respond/", respond_to_proposition, name="respond"),
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

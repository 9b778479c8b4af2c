"""All addresses of the site."""

from django.urls import include, path, re_path
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from nelis.core.routing import serve

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
]

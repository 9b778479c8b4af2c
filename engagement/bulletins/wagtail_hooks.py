"""What bulletins add to the admin."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet

from engagement.bulletins.admin.certificate import CertificateCSVView, CertificateView
from engagement.bulletins.admin.dashboard import (
    BulletinActionView,
    DashboardView,
    MessageView,
    ProgressView,
    SendTestView,
)
from engagement.bulletins.admin.viewsets import BulletinViewSet, dashboard_url
from engagement.bulletins.models import Bulletin

register_snippet(BulletinViewSet)


# Wagtail lets nobody past these addresses who may not use the admin; the views ask for more.
@hooks.register("register_admin_urls")
def register_bulletin_urls() -> list[Any]:
    """The desk of a bulletin, and its certificate."""
    below = [
        path("", DashboardView.as_view(), name="bulletin_dashboard"),
        path("act/", BulletinActionView.as_view(), name="bulletin_action"),
        path("test/", SendTestView.as_view(), name="bulletin_send_test"),
        path("mail/", MessageView.as_view(), name="bulletin_message"),
        path("progress/", ProgressView.as_view(), name="bulletin_progress"),
        path("certificate/", CertificateView.as_view(), name="bulletin_certificate"),
        path("certificate.csv", CertificateCSVView.as_view(), name="bulletin_certificate_csv"),
    ]
    return [path("bulletins/<int:pk>/", include(below))]


@hooks.register("before_delete_snippet")
def prevent_deletion(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Who wrote what, and who got it, is kept: a bulletin is cancelled, not deleted."""
    kept = [thing for thing in instances if isinstance(thing, Bulletin)]
    if not kept:
        return None
    messages.error(request, f"“{kept[0]}” can’t be deleted: what happened to it is kept. Cancel it instead.")
    return redirect(dashboard_url(kept[0]))

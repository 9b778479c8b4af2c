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
    PreviewView,
    ProgressView,
    SendNowView,
    SendTestView,
)
from engagement.bulletins.admin.viewsets import BulletinViewSet, dashboard_url
from engagement.bulletins.models import Bulletin

register_snippet(BulletinViewSet)


# Wagtail lets nobody past these addresses who may not use the admin; the views ask for more.
@hooks.register("register_admin_urls")
def register_bulletin_urls() -> list[Any]:
    """Add the dashboard of a bulletin, and its certificate."""
    urls = [
        path("", DashboardView.as_view(), name="bulletin_dashboard"),
        path("act/", BulletinActionView.as_view(), name="bulletin_action"),
        path("send/", SendNowView.as_view(), name="bulletin_send_now"),
        path("test/", SendTestView.as_view(), name="bulletin_send_test"),
        path("mail/", PreviewView.as_view(), name="bulletin_preview"),
        path("progress/", ProgressView.as_view(), name="bulletin_progress"),
        path("certificate/", CertificateView.as_view(), name="bulletin_certificate"),
        path("certificate.csv", CertificateCSVView.as_view(), name="bulletin_certificate_csv"),
    ]
    return [path("bulletins/<int:pk>/", include(urls))]


@hooks.register("before_delete_snippet")
def prevent_deletion(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Refuse to delete a bulletin: who wrote what, and who got it, is kept. It can be cancelled."""
    bulletin = next((instance for instance in instances if isinstance(instance, Bulletin)), None)
    if bulletin is None:
        return None
    messages.error(request, f"“{bulletin}” can’t be deleted: what happened to it is kept. Cancel it instead.")
    return redirect(dashboard_url(bulletin))

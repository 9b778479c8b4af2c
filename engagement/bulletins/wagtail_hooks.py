"""What bulletins add to the admin."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from wagtail import hooks
from wagtail.admin import messages
from wagtail.snippets.models import register_snippet

from engagement.bulletins.admin.certificate import Certificate, CertificateFile
from engagement.bulletins.admin.desk import Act, Desk, Mail, Progress, SendTest
from engagement.bulletins.admin.viewsets import BulletinViewSet, desk_url
from engagement.bulletins.models import Bulletin

register_snippet(BulletinViewSet)


# Wagtail lets nobody past these addresses who may not use the admin; the views ask for more.
@hooks.register("register_admin_urls")
def bulletin_addresses() -> list[Any]:
    """The desk of a bulletin, and its certificate."""
    below = [
        path("", Desk.as_view(), name="bulletin_desk"),
        path("act/", Act.as_view(), name="bulletin_act"),
        path("test/", SendTest.as_view(), name="bulletin_test"),
        path("mail/", Mail.as_view(), name="bulletin_mail"),
        path("progress/", Progress.as_view(), name="bulletin_progress"),
        path("certificate/", Certificate.as_view(), name="bulletin_certificate"),
        path("certificate.csv", CertificateFile.as_view(), name="bulletin_certificate_file"),
    ]
    return [path("bulletins/<int:pk>/", include(below))]


@hooks.register("before_delete_snippet")
def bulletins_stay(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Who wrote what, and who got it, is kept: a bulletin is cancelled, not deleted."""
    kept = [thing for thing in instances if isinstance(thing, Bulletin)]
    if not kept:
        return None
    messages.error(request, f"“{kept[0]}” can’t be deleted: what happened to it is kept. Cancel it instead.")
    return redirect(desk_url(kept[0]))

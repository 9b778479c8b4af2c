"""The security headers, on answers of every status."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.test import Client
from django.urls import include, path

from nelis import urls as site_urls
from nelis.core.middleware.security_headers import ADMIN_POLICY, PREVIEW_POLICY, PUBLIC_POLICY, policy_text


def fine(request):
    return HttpResponse("fine")


def moved(request):
    return HttpResponsePermanentRedirect("/fine/")


def unreadable(request):
    raise BadRequest


def forbidden(request):
    raise PermissionDenied


def broken(request):
    raise RuntimeError("on purpose")


def strict(request):
    return HttpResponse("paper", headers={"Content-Security-Policy": "sandbox"})


urlpatterns = [
    path("fine/", fine),
    path("moved/", moved),
    path("unreadable/", unreadable),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("strict/", strict),
    path("", include(site_urls.urlpatterns)),
]
for name in ("handler400", "handler403", "handler404", "handler500"):
    if hasattr(site_urls, name):
        globals()[name] = getattr(site_urls, name)

ADDRESSES = {
    "/fine/": 200,
    "/moved/": 301,
    "/unreadable/": 400,
    "/forbidden/": 403,
    "/no-such-page/": 404,
    "/broken/": 500,
}


@pytest.fixture
def client(settings, db) -> Client:
    settings.ROOT_URLCONF = __name__
    # Made now, so that its middleware knows the addresses above.
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), ADDRESSES.items())
def test_every_status_has_the_headers(client: Client, address: str, status: int):
    response = client.get(address)
    assert response.status_code == status
    assert_public(response)


def test_a_request_for_a_foreign_host_has_them_too(client: Client, settings):
    # Django refuses it in a middleware, before any view.
    settings.SECURE_SSL_REDIRECT = True
    response = Client(raise_request_exception=False).get("/fine/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert_public(response)


def test_the_public_policy_allows_nothing_inline_or_foreign():
    assert PUBLIC_POLICY["default-src"] == "'none'"
    allowed = {source for sources in PUBLIC_POLICY.values() for source in sources.split()}
    assert allowed == {"'none'", "'self'", "data:"}
    assert [name for name, sources in PUBLIC_POLICY.items() if "data:" in sources] == ["img-src"]


def test_a_view_may_be_stricter(client: Client):
    assert client.get("/strict/")["Content-Security-Policy"] == "sandbox"


def test_the_admin_has_a_policy_of_its_own(client: Client):
    response = client.get("/admin/password_reset/done/")
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == policy_text(ADMIN_POLICY)
    signing_in = client.get("/admin/login/")
    assert "'unsafe-inline'" not in signing_in["Content-Security-Policy"]
    assert "publickey-credentials-get=(self)" in signing_in["Permissions-Policy"]
    assert "publickey-credentials-get=()" in response["Permissions-Policy"]
    assert "'unsafe-eval'" not in policy_text(ADMIN_POLICY)
    assert "http" not in policy_text(ADMIN_POLICY)


def test_a_preview_can_be_framed_by_the_admin_and_by_nobody_else(client: Client):
    from wagtail.models import Page

    client.force_login(get_user_model().objects.create_superuser("boss"))
    page = Page.objects.filter(depth__gt=1).first().specific
    response = page.make_preview_request()
    assert response["Content-Security-Policy"] == policy_text(PREVIEW_POLICY)
    assert PREVIEW_POLICY["frame-ancestors"] == "'self'"
    assert {**PREVIEW_POLICY, "frame-ancestors": "'none'"} == PUBLIC_POLICY


def assert_public(response) -> None:
    assert response["Content-Security-Policy"] == policy_text(PUBLIC_POLICY)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_not_modified_leaves_the_policy_a_page_came_with(client):
    """A browser takes the headers of that answer for those of the page it has kept."""
    first = client.get("/strict/")
    again = client.get("/strict/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again
    assert again["X-Content-Type-Options"] == "nosniff"

"""Addresses as people type them: in capitals, with blanks, without the last slash."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from tests.home.conftest import add, site  # noqa: F401 - a small site with news and events

pytestmark = [pytest.mark.pg, pytest.mark.usefixtures("site")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/News/", "/news/"),
        ("/NEWS", "/news/"),
        ("/news%20/", "/news/"),
        ("/%20news", "/news/"),
        ("/Events/SUMMIT/?a=B", "/events/summit/?a=B"),
        ("/events/summit%09/", "/events/summit/"),
        ("/events//summit/", "/events/summit/"),
        ("/Organisations/Nissan/", "/organisations/nissan/"),
        ("/events/Summit/Calendar.ics", "/events/summit/calendar.ics"),
        ("/Mailing-List/", "/mailing-list/"),
        ("/SEARCH/?q=Kites", "/search/?q=Kites"),
        ("/Sitemap.XML", "/sitemap.xml"),
        ("/sitemap.xml/", "/sitemap.xml"),
        ("/Join/", "/join/"),
        ("/ JOIN", "/join/"),
    ],
)
def test_what_was_meant(client: Client, typed: str, meant: str):
    response = client.get(typed)
    assert (response.status_code, response["Location"]) == (301, meant)
    assert response["Cache-Control"] == "no-cache"
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "/Nothing/",
        "/News/Nothing/",
        "/NEWS/%00/",
        "/NEWS/%2500/",
        "/x/?q=%00",
        "/%5Cexample.org/",
        "/%252F%252Fexample.org",
    ],
)
def test_what_leads_nowhere(client: Client, typed: str):
    assert client.get(typed).status_code == 404


def test_a_slug_is_kept_in_small_letters(site):  # noqa: F811
    site.event.slug = "Great-Summit"
    site.event.save()
    assert site.event.url_path.endswith("/great-summit/")


class TestRedirects:
    """Whether an editor or a reader typed the blank."""

    PATHS = ("/summit 2019", "/summit%202019/", " /summit 2019/ ", "/Summit 2019", "/summit2019", "/ summit 2019")

    @pytest.mark.parametrize("stored", PATHS)
    def test_typed_with_a_blank(self, client, site, stored):  # noqa: F811
        Redirect.add_redirect(stored, site.event)
        for typed in ("/summit%202019", "/summit%202019/", "/Summit%202019%20", "/%20summit2019/?from=paper"):
            response = client.get(typed)
            assert response.status_code == 301, typed
            assert response["Location"].partition("?")[0] == "/events/summit/"

    def test_typed_in_the_admin(self, client, site, admin_user):  # noqa: F811
        assert Permission.objects.filter(codename="add_redirect").exists()
        client.force_login(admin_user)
        typed = {"old_path": " /Fair 2019/ ", "redirect_page": site.event.pk, "is_permanent": "on"}
        assert client.post(reverse("wagtailredirects:add"), typed).status_code == 302
        assert Client().get("/fair%202019/")["Location"] == "/events/summit/"

    def test_two_for_one_path(self, client, site):  # noqa: F811
        """That of this site comes before that of all, and twice the same breaks nothing."""
        Redirect.objects.create(old_path="/kites", redirect_page=site.news)
        Redirect.objects.create(old_path="/Kites", redirect_page=site.news)
        Redirect.objects.create(old_path="/kites ", redirect_page=site.event, site=site.home.get_site())
        assert client.get("/kites/")["Location"] == "/events/summit/"

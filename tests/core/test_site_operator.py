"""Who runs the site: readers are told, and staff are warned until they are."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core import checks
from wagtail.models import Page, Site

from nelis.core.models import SiteSettings
from nelis.home.models import ContactPage, HomePage
from tests.home.builders import add

FILLED = {
    "operator_name": "Exampleshire Council",
    "contact_name": "The strategy team",
    "contact_email": "strategy@example.org",
    "contact_phone": "01632 960000",
    "contact_address": "1 Kite Lane, Exampleton EX1 1EX",
}


@pytest.fixture
def site(db):
    home = add(Page.get_first_root_node(), HomePage, "start", hero_statement="A plan")
    add(home, ContactPage, "contact")
    Site.objects.all().delete()
    return Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)


def warnings():
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [check.msg for check in found if check.id == "core.W001"]


@pytest.mark.parametrize(
    ("filled", "missing"),
    [
        ([], ["who runs it", "whom readers reach", "an email address, telephone number or postal address"]),
        (["operator_name"], ["whom readers reach", "an email address, telephone number or postal address"]),
        (["operator_name", "contact_name"], ["an email address, telephone number or postal address"]),
        (["operator_name", "contact_name", "contact_phone"], []),
        (["operator_name", "contact_name", "contact_address"], []),
        (["contact_name", "contact_email"], ["who runs it"]),
        (list(FILLED), []),
    ],
)
def test_a_check_names_what_is_missing(site, filled, missing):
    SiteSettings.objects.create(site=site, **{name: FILLED[name] for name in filled})
    assert warnings() == [f"The site doesn’t tell its readers {what}." for what in missing]


def test_blanks_say_nothing(site):
    SiteSettings.objects.create(site=site, **FILLED | {"operator_name": "  "})
    assert len(warnings()) == 1


def test_settings_that_were_never_saved_are_warned_of_too(site):
    assert len(warnings()) == 3


def test_checks_without_a_database_ask_none():
    assert [check for check in checks.run_checks() if check.id == "core.W001"] == []


def text_of(client, path, selector):
    return BeautifulSoup(client.get(path).content, "html.parser").select_one(selector).get_text(" ", strip=True)


def test_readers_are_told_who_runs_the_site(site, client):
    contact = text_of(client, "/contact/", "section:has(#this-site)")
    assert "Not named yet" in contact
    assert "runs this site" not in text_of(client, "/", "footer")
    SiteSettings.objects.create(site=site, **FILLED)
    assert "Exampleshire Council runs this site." in text_of(client, "/", "footer")
    contact = text_of(client, "/contact/", "section:has(#this-site)")
    assert all(said in contact for said in FILLED.values())
    assert "Not named yet" not in contact


def test_administrators_are_warned_on_their_first_page(site, admin_client):
    heading = "Readers aren’t told who runs this site"
    assert heading in admin_client.get("/admin/").text
    SiteSettings.objects.create(site=site, **FILLED)
    assert heading not in admin_client.get("/admin/").text


def test_those_who_cannot_change_it_are_not_warned(site, client, django_user_model):
    writer = django_user_model.objects.create_user("writer", password="x")
    writer.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(writer)
    response = client.get("/admin/")
    assert response.status_code == 200
    assert "Readers aren’t told" not in response.text

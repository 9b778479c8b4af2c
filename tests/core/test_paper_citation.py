"""What paper says for itself: the page, its address and the day, and nothing that is secret."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, Site

from nelis.home.models import HomePage, StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def about() -> StandardPage:
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title="Start", slug="start", summary="Kites.", hero_statement="A plan")
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home.add_child(instance=StandardPage(title="About kites", slug="about", summary="Kites."))


def citation(client, url: str) -> str:
    found = BeautifulSoup(client.get(url).content, "html.parser").find("p", class_="paper-citation")
    return " ".join(found.get_text().split()) if found else ""


def test_a_page_is_cited_by_its_title_address_and_day(client, about):
    said = citation(client, "/about/?utm=x")
    assert said.startswith("North East Local Industrial Strategy, “About kites”, http")
    assert "/about/, as it stood on " in said

    assert "utm" not in said


def test_a_view_is_cited_without_the_key_in_its_address(client, about):
    said = citation(client, "/feedback/?k=secret")
    assert "/feedback/, as it stood on" in said
    assert "secret" not in said


def test_a_page_that_is_not_there_is_not_cited(client, about):
    assert client.get("/nothing/").status_code == 404
    assert citation(client, "/nothing/") == ""

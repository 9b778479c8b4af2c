"""Terms on the pages of the loaded content."""

import re

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page

from nelis.core.models import ContentVersion, GlossaryTerm

# Read-only, and told by the files: nothing here comes out differently on another database.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("loaded")]


def soup(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def test_a_reader_who_meets_a_term_can_look_it_up_and_come_back(client):
    page = soup(client, "/sectors/advanced-manufacturing/")
    links = page.select("main a.term")
    assert "Industry 4.0" in [link.text for link in links]
    glossary = soup(client, "/glossary/")
    assert glossary.select("a.term") == []
    for link in links:
        entry = page.find(id=link["href"][1:])
        onward, back = entry.select("a")
        assert back["href"] == f"#{link['id']}"
        path, _, anchor = onward["href"].partition("#")
        assert path == "/glossary/"
        assert glossary.find(id=anchor)


@pytest.mark.parametrize("kind", ["sectorpage", "propositionpage", "standardpage", "faqpage", "homepage", "targetpage"])
def test_the_text_of_the_page_is_as_written(client, kind):
    """But for the list at its foot, a page reads as if no term were explained."""
    paths = [page.url for page in Page.objects.live().filter(content_type__model=kind)]
    assert paths
    explained = {path: soup(client, path) for path in paths}
    assert any(page.select("a.term") for page in explained.values())
    GlossaryTerm.objects.update(explained=False)
    # Changing many at once tells nobody.
    ContentVersion.bump()
    for path, page in explained.items():
        for words in page.select(".glossed"):
            words.decompose()
        assert page.main.get_text().split() == soup(client, path).main.get_text().split(), path


def test_ids_stay_unique(client):
    for page in Page.objects.live().filter(depth__gt=1):
        ids = re.findall(r'\sid="([^"]+)"', client.get(page.url).text)
        assert len(ids) == len(set(ids)), page.url

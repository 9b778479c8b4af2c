"""Find anything in the admin: words, references and values, of what is public and of drafts."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from engagement.bulletins.models import Bulletin
from nelis.core.search.index_sync import rebuild_index
from nelis.home.models import StandardPage
from tests.html import text_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def found(sample_site, signed_in):
    """The results of a query, for a content editor, by their addresses."""
    rebuild_index()
    client = signed_in("Content editor")

    def find(words):
        page = BeautifulSoup(client.get(reverse("staff_find"), {"q": words}).text, "html.parser")
        rows = page.select(".dashboard-rows li")
        return {row.find("a")["href"]: text_of(row) for row in rows}

    return find


def edit(name, thing):
    return reverse(f"{name}:edit", args=[thing.pk])


def test_a_figure_by_its_reference_and_by_its_value(found, sample_site):
    figure = edit("wagtailsnippets_evidence_statistic", sample_site.statistic)
    for words in ("F99", "11,300", "11300", "people employed"):
        assert figure in found(words), words


def test_drafts_and_what_no_reader_finds(found, sample_site):
    draft = sample_site.make(StandardPage, title="Kites in winter", slug="kites-in-winter")
    draft.unpublish()
    bulletin = Bulletin.objects.create(subject="Kites for all", slug="kites")
    results = found("kites")
    assert edit("wagtailadmin_pages", draft) in results
    assert edit("wagtailsnippets_bulletins_bulletin", bulletin) in results
    assert "Draft" in results[edit("wagtailadmin_pages", draft)]


def test_nothing_found_says_so_and_keeps_what_was_typed(found, signed_in):
    page = signed_in("Analyst").get(reverse("staff_find"), {"q": "xyzzy <b>"}).text
    assert "0 results for “xyzzy &lt;b&gt;”" in page
    assert 'value="xyzzy &lt;b&gt;"' in page


def test_every_search_of_the_admin_leads_there(signed_in):
    page = signed_in("Analyst").get("/admin/pages/", {"q": "kites"}).text
    assert reverse("staff_find") in page

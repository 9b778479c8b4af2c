"""“Is my sector in it?”: what readers are told of a sector that is covered, of one that isn't, and where they ask."""

import pytest
from bs4 import BeautifulSoup

from nelis.core.models import SiteSettings
from nelis.core.search.index_sync import rebuild_index, sync_suspended
from sectors.coverage import find_coverage
from sectors.models import SectorDealPage, SubSectorPage
from tests.search.conftest import add


@pytest.fixture
def sectors(site):
    """Manufacturing with its branch of kites, a deal for tourism, and “toys” for kites."""
    with sync_suspended():
        add(site.sector, SubSectorPage, "kites-and-balloons", code="kites-and-balloons")
        add(site.deals, SectorDealPage, "tourism", code="tourism", summary="For visitors, with a word on boats.")
        SiteSettings.objects.create(site=site.home.get_site(), search_synonyms="kites and balloons, toys")
    rebuild_index()
    return site


def named(found):
    return [entry.title for entry in found.covered], [entry.title for entry in found.deals]


@pytest.mark.pg
@pytest.mark.parametrize(
    ("typed", "covered", "deals"),
    [
        ("Manufacturing", ["Manufacturing"], []),
        ("the manufacturing industry", ["Manufacturing"], []),
        ("balloon", ["Kites and balloons"], []),
        ("toys", ["Kites and balloons"], []),
        ("TOURISM sector", [], ["Tourism"]),
        ("turism", [], ["Tourism"]),
        ("boats", [], []),
        ("banking", [], []),
        ("industry", [], []),
        ("'; -- % _", None, None),
        ("\x00", None, None),
        ("", None, None),
    ],
)
def test_what_is_called_so(sectors, typed, covered, deals):
    found = find_coverage(typed)
    assert (named(found) if found else (None, None)) == (covered, deals)


def answer(client, typed):
    page = client.get("/sectors/", {"sector": typed})
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser").select_one("#yours")


def test_a_sector_that_is_covered(sectors, client):
    said = answer(client, "balloons").find(role="status")
    assert "“balloons” is covered" in said.text
    assert said.find("a", href="/sectors/manufacturing/kites-and-balloons/")


@pytest.mark.parametrize(("typed", "has_deal"), [("tourism", True), ("banking", False)])
def test_a_sector_that_is_not_gets_an_answer(sectors, client, typed, has_deal):
    section = answer(client, typed)
    said = section.find(role="status")
    assert f"No sector or sub-sector of the strategy is called “{typed}”" in said.text
    assert bool(said.find("a", href="/deals/tourism/")) == has_deal
    assert ("None of the national Sector Deals" in said.text) != has_deal
    # What is covered, which deals exist, how to be told and where to say so, whatever was typed.
    links = {link["href"] for link in section.find_all("a")}
    assert {"#manufacturing", "/deals/automotive/", "/deals/tourism/", "/feedback/"} <= links
    assert any(link.startswith("/mailing-list/") for link in links)
    assert "Kites and balloons" in section.text
    assert section.find("input", {"name": "sector"})["value"] == typed


def test_what_was_typed_is_shown_as_text(sectors, client):
    assert not answer(client, "<b>zebras</b>").find(role="status").find("b")


def test_readers_find_the_question(sectors, client):
    page = BeautifulSoup(client.get("/sectors/").content, "html.parser")
    assert page.select_one(".follow a[href='#yours']")
    assert not page.select_one("#yours").find(role="status")
    for typed in ("is my sector in it", "my sector"):
        results = BeautifulSoup(client.get("/search/", {"q": typed}).content, "html.parser")
        assert results.select_one("main ol a[href='/sectors/']"), typed
    nothing = BeautifulSoup(client.get("/search/", {"q": "banking & co"}).content, "html.parser")
    assert nothing.find("a", href="/sectors/?sector=banking%20%26%20co#yours")

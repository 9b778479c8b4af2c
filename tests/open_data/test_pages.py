"""The pages for people: the catalogue and the documentation of the API."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from nelis.core.search.index_sync import rebuild_index
from nelis.evidence.models import Source, Statistic
from nelis.open_data.api import api
from nelis.progress.models import TargetPage
from tests.open_data.sample_series import make_series
from tests.sectors.sample_strategy import SampleStrategy

pytestmark = pytest.mark.django_db


def main_of(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").main


def test_what_is_not_held_has_the_weight_of_what_is(strategy: SampleStrategy, client: Client):
    make_series(Source.objects.get(ref="x0"))
    Statistic.objects.create(
        key="gap", label="Kites flown", status="missing", geography=strategy.area, source=Source.objects.get(ref="x0")
    )
    TargetPage.objects.filter(ref="T1").update(baseline_value=5)
    main = main_of(client, "/data/")
    numbers = {group.dt.get_text(strip=True): group.dd.get_text(strip=True) for group in main.select(".held > div")}
    # One figure, and the starts of two of the three targets.
    assert numbers["figures not held"] == "3"
    assert numbers["series, each as CSV and JSON"] == "3"
    listed = [item.get_text(strip=True) for item in main.select(".gaps-l > li")]
    assert listed == ["Kites flown", "T0 Target 0: the level at the start", "T2 Target 2: the level at the start"]


def test_a_series_shows_how_far_it_reaches(strategy: SampleStrategy, client: Client):
    make_series(Source.objects.get(ref="x0"))
    [row, *_] = main_of(client, "/data/").select(".cat > li")
    words = " ".join(row.get_text(" ", strip=True).split())
    assert "January 2017 to December 2018" in words
    assert "June 2020; June 2019" in words
    assert "A stated licence" in words
    assert [link["href"] for link in row.select(".get a")] == [
        f"http://testserver/data/series/s0.{kind}" for kind in ("csv", "json", "csv-metadata.json")
    ]


def test_without_a_series_the_page_says_so(strategy: SampleStrategy, client: Client):
    assert "No series is held yet." in main_of(client, "/data/").get_text()


def test_the_documentation_has_every_endpoint_and_every_record(strategy: SampleStrategy, client: Client):
    main = main_of(client, "/api/")
    described = api.get_openapi_schema()
    shown = [code.get_text() for code in main.select(".endpoint > p:first-of-type code")]
    assert sorted(shown) == sorted(f"GET {path}" for path in described["paths"])
    ids = {found["id"] for found in main.select("[id]")}
    assert {f"record-{name}" for name in described["components"]["schemas"] if not name.startswith("ListOf")} <= ids
    for link in main.select("a[href^='#']"):
        assert link["href"][1:] in ids


def test_the_address_of_the_api_leads_to_its_documentation(strategy: SampleStrategy, client: Client):
    response = client.get("/api/v1/")
    assert (response.status_code, response["Location"]) == (302, "/api/")


@pytest.mark.parametrize("words", ["open data", "API"])
def test_search_finds_them(words: str, strategy: SampleStrategy, client: Client):
    rebuild_index()
    found = client.get("/search/", {"q": words}).content.decode()
    assert 'href="/data/"' in found or 'href="/api/"' in found


def test_the_sitemap_has_them(strategy: SampleStrategy, client: Client):
    text = client.get("/sitemap.xml").content.decode()
    assert "<loc>http://testserver/data/</loc>" in text
    assert "<loc>http://testserver/api/</loc>" in text

"""A page for each publication and each figure: what comes from it, where it is used, at an address that stays."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from nelis.core.models import SearchEntry
from nelis.core.search.index_sync import rebuild_index, sync_suspended, update_entry
from nelis.evidence.models import EvidenceIndexPage, Finding, PageSource, PageStatistic, Source, Statistic
from nelis.evidence.validation import statistic_errors
from sectors.models import EvidenceLink
from tests.html import text_of
from tests.sectors.conftest import kites, kites_made, read

__all__ = ["kites", "kites_made", "read"]


@pytest.fixture
def shelf(kites: SimpleNamespace) -> SimpleNamespace:
    """A review that we hold, with findings and figures, and a plan that we don't."""
    with sync_suspended():
        dated = {"published": date(2019, 7, 1), "published_precision": "month"}
        kites.review = Source.objects.create(
            ref="X1", title="Kite review", publisher="Kite Board", kind="review", held=True, status="published", **dated
        )
        kites.plan = Source.objects.create(
            ref="kite-plan",
            title="Kite plan",
            kind="plan",
            status="planned",
            not_held_note="Named on slide 9.",
            **dated,
        )
        for ref in ("C1", "C2"):
            Finding.objects.create(
                ref=ref, kind="constraint", statement=f"{ref} says.", subject=kites.sector, source=kites.review
            )
        common = {"geography": kites.strategy.area, "label": "kites flown"}
        disputed = common | {"status": "disputed", "fact_key": "flown"}
        kites.figure = Statistic.objects.create(key="F1", value=5, source=kites.review, **disputed)
        kites.rival = Statistic.objects.create(key="F2", value=7, source=kites.plan, **disputed)
        Statistic.objects.create(key="F3", status="missing", source=kites.review, **common)
        EvidenceLink.objects.create(
            page=kites.proposition, finding=Finding.objects.get(ref="C1"), relation="addresses", basis="stated"
        )
        Finding.objects.get(ref="C1").statistics.add(kites.figure)
        PageSource.objects.create(page=kites.project, source=kites.review)
        PageStatistic.objects.create(page=kites.sector, statistic=kites.figure)
    return kites


def words(part):
    return " ".join(part.get_text(" ").split())


def section(main, name):
    return main.find(attrs={"aria-labelledby": name})


def test_a_publication_says_what_it_is_and_what_comes_from_it(shelf, read):
    main = read("/evidence/x1/")
    assert text_of(main.h1) == "Kite review"
    facts = words(main.find("dl", class_="tb"))
    for said in ("Published by Kite Board", "Date July 2019", "Type Review", "Licence Not stated"):
        assert said in facts
    assert "Published. We hold it." in words(main)
    findings = section(main, "findings")
    assert "2 findings from this publication" in words(findings)
    assert words(findings.find("th", scope="rowgroup")) == "Constraints 2"
    assert "Addressed by P1" in words(findings.find(id="C1"))
    assert "No proposition responds" in words(findings.find(id="C2"))
    figures = section(main, "figures")
    assert "Figure not held: kites flown" in words(figures.find(id="F3"))
    # Rivals are never shown one without the other.
    assert "Disputed 7 kites flown (source: Kite plan)" in words(figures.find(id="F1"))
    assert figures.find(id="F1").find("a")["href"] == "/evidence/figures/f1/"
    assert [a["href"] for a in section(main, "cited").find_all("a")] == [shelf.sector.url, shelf.project.url]


def test_a_publication_that_we_do_not_hold_says_so(shelf, read):
    Statistic.objects.filter(key="F2").delete()
    main = read("/evidence/kite-plan/")
    assert "don’t know whether it was published" in words(main)
    assert "Named on slide 9." in words(main.select_one(".gap"))
    facts = words(main.find("dl", class_="tb"))
    assert "Planned for July 2019" in facts
    assert "Published by Not stated in our sources" in facts
    assert "because we have not read it" in words(section(main, "from-it"))
    assert "No page" in words(section(main, "cited"))


def test_a_figure_stands_with_its_rivals_and_with_what_rests_on_it(shelf, read):
    main = read("/evidence/figures/f1/")
    assert [words(p) for p in main.select(".pair .v")] == ["5", "7"]
    assert [text_of(s) for s in main.select(".cite summary")] == ["Cite F1", "Cite F2"]
    assert "Also given: 7 kites flown" in words(main.select(".cite")[0])
    assert "C1 says." in words(section(main, "findings"))
    assert section(main, "findings").find(id="C1").a["href"] == f"{shelf.sector.url}#C1"
    assert [a["href"] for a in section(main, "shown").find_all("a")] == [shelf.sector.url]
    # Where one rival is shown, the other is; and text shows figures too.
    block = {"type": "statistic", "value": Statistic.objects.get(key="F2").pk}
    shelf.project.body = json.dumps([block])
    shelf.project.save_revision().publish()
    shown = section(read("/evidence/figures/f1/"), "shown")
    assert [a["href"] for a in shown.find_all("a")] == [shelf.sector.url, shelf.project.url]
    # The source links to a note on the page, and that to the publication.
    notes = section(main, "sources")
    assert [a["href"] for a in notes.find_all("a")] == ["/evidence/x1/", "/evidence/kite-plan/"]


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/evidence/X1/", 301, "/evidence/x1/"),
        ("/evidence/figures/F1/", 301, "/evidence/figures/f1/"),
        ("/evidence/figures/", 302, "/evidence/"),
        ("/evidence/gone/", 404, ""),
        ("/evidence/figures/gone/", 404, ""),
        ("/evidence/x1/gone/", 404, ""),
        ("/evidence/findings/", 200, ""),
    ],
)
def test_addresses(shelf, client: Client, path, status, target):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers.get("Location", "") == target


def test_what_is_not_published_has_no_page(shelf, client: Client, read):
    Source.objects.filter(ref="X1").update(live=False)
    # And nothing leads there.
    for path in ("/evidence/", "/evidence/findings/", "/evidence/figures/f1/", shelf.proposition.url, shelf.sector.url):
        assert "/evidence/x1/" not in client.get(path).text
    Statistic.objects.filter(key="F1").update(live=False)
    for path in ("/evidence/x1/", "/evidence/figures/f1/"):
        assert client.get(path).status_code == 404
    shelf.project.unpublish()
    Source.objects.filter(ref="X1").update(live=True)
    assert [a["href"] for a in section(read("/evidence/x1/"), "cited").find_all("a")] == []


def test_both_are_in_the_sitemap_and_found(shelf, client: Client):
    rebuild_index()
    places = dict(SearchEntry.objects.values_list("ref", "url"))
    assert places["X1"] == "/evidence/x1/"
    assert places["F1"] == shelf.sector.url
    assert places["F3"] == "/evidence/figures/f3/"
    listed = client.get("/sitemap.xml").text
    for path in ("/evidence/x1/", "/evidence/kite-plan/", "/evidence/figures/f1/"):
        assert f"<loc>http://testserver{path}</loc>" in listed
    library = EvidenceIndexPage.objects.get()
    library.unpublish()
    update_entry(library)
    # What is on the pages below it goes on being found there.
    assert set(SearchEntry.objects.filter(url__startswith="/evidence/").values_list("kind", flat=True)) == {"Page"}
    assert "/evidence/x1/" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ref": "gaps"}, "ref"),
        ({"ref": "Figures"}, "ref"),
        ({"ref": "x1"}, "ref"),
        ({"ref": "X2", "held": True, "status": "planned"}, "status"),
        ({"ref": "X2", "held": True, "status": "published"}, None),
    ],
)
def test_a_reference_makes_one_address_and_a_status_no_contradiction(shelf, fields, wrong):
    thing = Source(title="Another", kind="report", **fields)
    if wrong is None:
        thing.full_clean()
        return
    with pytest.raises(ValidationError) as caught:
        thing.full_clean()
    assert list(caught.value.message_dict) == [wrong]


@pytest.mark.parametrize("kind", ["press", "third_party"])
def test_no_figure_rests_on_a_press_report_or_a_third_party_alone(kind):
    source = Source(ref="told", title="Told by others", kind=kind, held=True)
    statistic = Statistic(key="F1", label="kites", value=3, status="published", source=source)
    assert list(statistic_errors(statistic)) == ["source"]
    source.kind = "report"
    assert statistic_errors(statistic) == {}

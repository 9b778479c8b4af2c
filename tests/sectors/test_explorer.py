"""The explorer counts what the list shows, says on what basis, and gives the same table to programs."""

import csv
import io
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from bs4 import Tag
from django.test import Client
from wagtail.models import Page

from sectors.dimensions import THEME_RELATIONS, dimension_values
from sectors.explorer import as_csv, build_matrix
from sectors.models import (
    ExplorerPage,
    GrandChallengePage,
    Organisation,
    OrganisationRole,
    PropositionPage,
    SectorDealPage,
    StrategyLink,
)
from tests.html import text_of
from tests.sectors.conftest import propose

Read = Callable[..., Tag]
INFERRED = {"basis": "inferred", "confidence": "low", "rationale": "Both fly."}


@pytest.fixture
def sky(kites: SimpleNamespace) -> SimpleNamespace:
    """Three propositions; one tied to the challenge as stated, one as inferred, and one to the deal as well."""
    kites.second = propose(kites, "P2", "Kite school")
    kites.third = propose(kites, "P3", "Kite prize")
    StrategyLink.objects.create(page=kites.proposition, target=kites.challenge, basis="stated")
    StrategyLink.objects.create(page=kites.challenge, target=kites.second, **INFERRED)
    StrategyLink.objects.create(page=kites.second, target=kites.deal, basis="stated")
    return kites


def matrix(rows: str, columns: str, *, stated_only: bool = False):
    pages = list(PropositionPage.objects.live().select_related(*THEME_RELATIONS).order_by("path"))
    return build_matrix(
        pages, dimension_values(pages), rows, columns, stated_only=stated_only, list_url="/propositions/"
    )


def counts(found) -> dict[str, list[tuple[int, int]]]:
    return {line.ref or line.value: [(cell.count, cell.stated) for cell in line.cells] for line in found.lines}


def test_propositions_by_challenge(sky: SimpleNamespace):
    found = matrix("proposition", "challenge")
    assert counts(found) == {"P1": [(1, 1)], "P2": [(1, 0)], "P3": [(0, 0)]}
    assert found.totals == [2]
    assert found.lines[0].cells[0].url == f"{sky.proposition.url}#links"
    assert found.lines[2].cells[0].url == ""


def test_stated_only(sky: SimpleNamespace):
    found = matrix("proposition", "challenge", stated_only=True)
    assert counts(found) == {"P1": [(1, 1)], "P2": [(0, 0)], "P3": [(0, 0)]}
    assert found.totals == [1]


def test_a_pair_is_stated_only_if_both_are(sky: SimpleNamespace):
    assert counts(matrix("deal", "challenge")) == {"string": [(1, 0)]}
    StrategyLink.objects.filter(basis="inferred").update(basis="stated", confidence="")
    assert counts(matrix("deal", "challenge")) == {"string": [(1, 1)]}


@pytest.mark.parametrize("basis", ["", "stated"])
@pytest.mark.parametrize(("rows", "columns"), [("challenge", "deal"), ("sector", "challenge"), ("stage", "partner")])
def test_every_number_leads_to_as_many_propositions(sky: SimpleNamespace, read: Read, rows, columns, basis):
    maker = Organisation.objects.create(slug="maker", name="Maker", kind="company")
    OrganisationRole.objects.create(page=sky.third, organisation=maker, role="lead", basis="stated")
    main = read(f"/explore/?rows={rows}&columns={columns}&basis={basis}")
    rings = main.select("table a.cell")
    assert rings or basis
    for ring in rings:
        listed = read(ring["href"]).select("ol.big > li")
        assert len(listed) == int(ring.find(string=True)), ring["href"]


def test_csv_and_json_hold_the_same(sky: SimpleNamespace, client: Client):
    url = "/explore/?rows=proposition&columns=challenge"
    answer = client.get(f"{url}&format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "proposition-by-challenge.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Propositions", "Clean wind", "All"]
    assert [row[0] for row in rows[1:]] == ["P1 Kite hub", "P2 Kite school", "P3 Kite prize"]
    data = json.loads(client.get(f"{url}&format=json").text)
    assert [str(line["cells"]["wind"]["count"]) for line in data["lines"]] == [row[1] for row in rows[1:]]
    assert data["lines"][1]["cells"]["wind"] == {"count": 1, "stated": 0}


@pytest.mark.parametrize("rows", ["challenge", "stage"])
def test_empty_rows_and_columns_are_shown(sky: SimpleNamespace, read: Read, client: Client, rows: str):
    """What nothing is proposed for is what readers look for: on a screen, on a phone and in the files."""
    index = sky.challenge.get_parent()
    index.add_child(instance=GrandChallengePage(title="Calm", slug="calm", code="calm", summary="No wind."))
    deals = sky.deal.get_parent()
    deals.add_child(instance=SectorDealPage(title="Paper", slug="paper", code="paper", summary="For kites."))
    main = read(f"/explore/?rows={rows}&columns=deal")
    heads = [text_of(cell) for cell in main.select("table.matrix thead th")]
    assert "Paper" in heads
    totals = [text_of(cell) for cell in main.select("table.matrix tfoot tr > *")]
    assert totals[heads.index("Paper")] == "0"
    empty = "Calm" if rows == "challenge" else "Funded"
    (row,) = (row for row in main.select("table.matrix tbody tr") if text_of(row.th) == empty)
    assert not row.find("a"), "A list of nothing is no help."
    assert text_of(row.select("td")[-1]) == "0"
    (item,) = (item for item in main.select("ul.grouped > li") if text_of(item.select_one("p.t")) == empty)
    assert "None" in text_of(item)
    assert any("None: " in text_of(item) and "Paper" in text_of(item) for item in main.select("ul.grouped > li"))
    table = list(csv.reader(io.StringIO(client.get(f"/explore/?rows={rows}&columns=deal&format=csv").text)))
    assert [empty, *["0"] * (len(table[0]) - 1)] in table


def test_what_was_chosen_stays_in_the_address(sky: SimpleNamespace, read: Read):
    main = read("/explore/?rows=stage&columns=deal&basis=stated")
    chosen = {select["name"]: select.find("option", selected=True)["value"] for select in main.select("form select")}
    assert chosen == {"rows": "stage", "columns": "deal", "basis": "stated"}
    assert main.find("form", class_="chooser")["method"] == "get"
    files = [link["href"] for link in main.select("p.links a")]
    assert all("rows=stage&columns=deal&basis=stated" in href for href in files)
    assert all("basis=stated" in cell["href"] for cell in main.select("table a.cell"))


def test_a_title_is_no_formula(sky: SimpleNamespace):
    Page.objects.filter(pk=sky.challenge.pk).update(title="=cmd()")
    assert "'=cmd()" in as_csv(matrix("proposition", "challenge"))


@pytest.mark.parametrize("query", ["rows=guess", "columns=proposition", "columns=guess", "basis=guess", "format=xls"])
def test_what_does_not_exist_is_said(sky: SimpleNamespace, read: Read, query: str):
    main = read(f"/explore/?{query}", status=404)
    assert "not among the choices" in text_of(main)
    assert main.select("table.matrix tbody tr")


def test_without_propositions(kites: SimpleNamespace, read: Read):
    kites.proposition.unpublish()
    assert "No propositions match" in text_of(read(ExplorerPage.objects.get().url))

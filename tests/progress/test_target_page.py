"""The page of a target: every figure in one table, gaps in their place, the rule with the status that holds."""

from copy import copy
from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import PageStatistic, Source, Statistic
from nelis.progress.models import TargetPage
from tests.html import text_of
from tests.sectors.sample_strategy import SampleStrategy, add

WANTED = {"target_value": Decimal(1000), "unit": "kites", "deadline_year": 2024}


@pytest.fixture
def strategy(db: None) -> SampleStrategy:
    with sync_suspended():
        return SampleStrategy()


def page(strategy: SampleStrategy, client: Client, **fields: object) -> Tag:
    with sync_suspended():
        target = add(strategy.indexes["target"], TargetPage, "more-kites", ref="T1", **(WANTED | fields))
        if fields.get("latest"):
            PageStatistic.objects.create(page=target, statistic=fields["latest"])
    main = BeautifulSoup(client.get(target.url).content, "html.parser").main
    assert main is not None
    return main


def lines(main: Tag) -> dict[str, list[str]]:
    """The table of figures: measure, then period, figure and source."""
    table = copy(main.find("table"))
    for folded in table("details"):
        folded.p.decompose()
    rows = [[cell.get_text(" ", strip=True) for cell in row(["th", "td"])] for row in table.tbody("tr")]
    return {row[0]: row[1:] for row in rows}


def made(strategy: SampleStrategy) -> Statistic:
    source = Source.objects.create(ref="x", title="A report on kites", kind="report", held=True)
    return Statistic.objects.create(
        key="x",
        label="kites made",
        value=Decimal(625),
        period_text="2014 to June 2018",
        period_end=date(2018, 6, 30),
        geography=strategy.area,
        source=source,
    )


def test_what_is_held_worked_out_and_missing_stands_in_one_table(strategy: SampleStrategy, client: Client):
    main = page(strategy, client, target_kind="level_gain", baseline_year=2014, latest=made(strategy))
    assert lines(main) == {
        "Kites made": ["2014 to June 2018", "625", "A report on kites Cite x"],
        "Still to go": ["From June 2018", "375", "Our subtraction"],
        "Needed by then, at an even pace": ["To June 2018", "350 to 450", "Our working, below"],
        "Level at the start": ["2014", "Not held", "None"],
    }
    assert main.find("table").find("a")["href"] == "#source-x"
    assert main.find(id="source-x") is not None
    assert "1.39 to 1.79" in text_of(main)
    assert [text_of(row.th) for row in main.select(".scale-t .here")] == ["On course"]


def test_a_target_without_figures_keeps_their_places_open(strategy: SampleStrategy, client: Client):
    main = page(strategy, client, target_kind="gap_reduction", comparator=strategy.area)
    assert lines(main) == {
        "Gap at the start": ["Not stated", "Not held", "None"],
        "Latest figure": ["Not stated", "Not held", "None"],
    }
    assert [text_of(row.th) for row in main.select(".scale-t .here")] == ["Not enough data"]
    assert main.find(id="way") is None

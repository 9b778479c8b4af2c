"""The page of a target, today and as at an earlier day; the list of targets."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.test import Client

from nelis.core.search.index_sync import sync_suspended
from nelis.progress.context import tally
from nelis.progress.models import TargetPage, TargetStatement
from tests.html import text_of
from tests.progress.sample_targets import source, statement
from tests.sectors.sample_strategy import SampleStrategy, add


@pytest.fixture
def strategy(db: None) -> SampleStrategy:
    with sync_suspended():
        return SampleStrategy()


@pytest.fixture
def target(strategy: SampleStrategy) -> TargetPage:
    with sync_suspended():
        made = add(
            strategy.indexes["target"],
            TargetPage,
            "more-kites",
            ref="T1",
            title="More kites",
            target_kind="level_gain",
            target_value=Decimal(1000),
            unit="kites",
            baseline_year=2014,
            deadline_year=2024,
        )
    statement(made, "gain", 625, date(2018, 6, 30), known=date(2018, 10, 1), quotation="up by 625")
    statement(made, "gain", 829, date(2024, 6, 30), known=date(2024, 9, 1), source=source("later"))
    return made


def main_of(client: Client, url: str) -> Tag:
    response = client.get(url)
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html.parser").main
    assert main is not None
    return main


def test_the_verdict_comes_first_then_the_three_cells(target: TargetPage, client: Client):
    main = main_of(client, target.url)
    assert text_of(main.select_one(".say")) == "829 of 1,000 kites, not met: 171 short of what was promised."
    cells = [[text_of(part) for part in cell(["dt", "dd"])][:2] for cell in main.select(".three > div")]
    assert cells[0] == ["What was promised", "1,000 kites by 2024"]
    assert cells[1] == ["How it ended", "Not met"]


def test_the_page_as_it_stood_uses_nothing_younger(target: TargetPage, client: Client):
    response = client.get(f"{target.url}as-at/2018-10/")
    main = BeautifulSoup(response.content, "html.parser").main
    text = text_of(main)
    assert "829" not in text
    assert "as it stood in October 2018" in text
    assert "1.39 to 1.79" in text
    assert [text_of(row.th) for row in main.select(".scale-t .here")] == ["On course"]
    assert [text_of(link) for link in main.select(".known [aria-current]")] == ["October 2018"]
    assert f'href="http://testserver{target.url}as-at/2018-10/"' in response.content.decode()
    assert main.find(id="source-later") is None


def test_the_days_are_plain_links(target: TargetPage, client: Client):
    links = [(text_of(link), link["href"]) for link in main_of(client, target.url).select(".known a")]
    assert links == [
        ("October 2018", f"{target.url}as-at/2018-10/"),
        ("September 2024 to today", target.url),
    ]


@pytest.mark.parametrize("day", ["2018-11", "2018", "2018-10-01", "nonsense", "9999-99"])
def test_a_day_on_which_nothing_became_known_is_no_page(target: TargetPage, client: Client, day: str):
    assert client.get(f"{target.url}as-at/{day}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "end"), [("T1/", ""), ("t1/as-at/2018-10/", "as-at/2018-10/"), ("more-kites/as-at/", "#known")]
)
def test_short_addresses_lead_on(target: TargetPage, client: Client, path: str, end: str):
    response = client.get(f"{target.get_parent().url}{path}")
    assert response["Location"] == target.url + end
    assert client.get(f"{target.get_parent().url}t99/").status_code == 404


def test_every_statement_is_listed_with_its_source(target: TargetPage, client: Client):
    main = main_of(client, target.url)
    rows = [[text_of(cell) for cell in row(["th", "td"])] for row in main.select(".said-t tbody tr")]
    assert [row[0] for row in rows] == ["October 2018", "September 2024"]
    assert "up by 625" in rows[0][1]
    for link in main.select(".said-t a"):
        assert main.find(id=link["href"].removeprefix("#"))


def test_without_figures_the_places_are_kept(strategy: SampleStrategy, client: Client):
    with sync_suspended():
        empty = add(
            strategy.indexes["target"],
            TargetPage,
            "empty",
            ref="T7",
            target_kind="gap_reduction",
            target_value=50,
            unit="% of the gap",
            deadline_year=2024,
            comparator=strategy.area,
        )
    main = main_of(client, empty.url)
    assert text_of(main.select_one(".say")) == "No figure on progress is held."
    assert [text_of(row.th) for row in main.select(".scale-t .here")] == ["Not enough data"]


def test_the_list_counts_from_the_statuses(target: TargetPage, client: Client):
    main = main_of(client, target.get_parent().url)
    assert text_of(main.find(id="all")) == "None met, one not"
    assert "829 of 1,000 kites" in text_of(main.select_one(".six"))
    assert tally([]) == ""


def test_queries_do_not_grow_with_statements(target: TargetPage, client: Client, django_assert_max_num_queries):
    for number in range(12):
        statement(target, "gain", 500 + number, date(2016, 1, 1 + number), known=date(2017, 1 + number % 12, 1))
    client.get(target.url)
    client.get(f"{target.url}as-at/2018-10/")
    for url in (target.url, f"{target.url}as-at/2018-10/"):
        with django_assert_max_num_queries(24):
            client.get(url)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"measure": "gain"}, "value"),
        ({"measure": "widened", "value": 3}, "value"),
        ({"measure": "gain", "value": 3, "low": 1}, "high"),
        ({"measure": "gain", "value": 3, "low": 2, "high": 1}, "high"),
        ({"measure": "gain", "value": 3, "period_end_from": date(2020, 1, 1)}, "period_end_to"),
        ({"measure": "gain", "value": 3, "published_on": date(2020, 1, 1)}, "published_precision"),
        ({"measure": "part", "value": 3, "reference_value": 0}, "reference_value"),
    ],
)
def test_a_statement_is_refused_beside_its_field(fields, where):
    with pytest.raises(ValidationError) as refused:
        TargetStatement(**fields).clean()
    assert list(refused.value.message_dict) == [where]

"""The record of a target: what was known when, and that nothing younger or second-hand gets into it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nelis.core.search.index_sync import sync_suspended
from nelis.evidence.models import GeoArea
from nelis.progress.models import TargetPage
from nelis.progress.pace import Status
from nelis.progress.record import TargetRecord, load_record, load_records
from tests.progress.sample_targets import rate_series, release, source, statement
from tests.sectors.sample_strategy import SampleStrategy, add

TODAY = date(2026, 3, 1)
GAIN = {"target_kind": "level_gain", "target_value": Decimal(1000), "unit": "kites"}
GAP = {"target_kind": "gap_reduction", "target_value": Decimal(50), "unit": "% of the gap"}


@pytest.fixture
def strategy(db: None) -> SampleStrategy:
    with sync_suspended():
        return SampleStrategy()


def make(strategy: SampleStrategy, **fields: Any) -> TargetPage:
    with sync_suspended():
        return add(
            strategy.indexes["target"], TargetPage, "kites", ref="T1", baseline_year=2014, deadline_year=2024, **fields
        )


def record(target: TargetPage) -> TargetRecord:
    loaded = load_record(TargetPage.objects.select_related(*TargetPage.page_select_related).get(pk=target.pk))
    return TargetRecord(loaded.target, loaded.statements, loaded.history, today=TODAY)


@pytest.fixture
def jobs(strategy: SampleStrategy) -> TargetPage:
    target = make(strategy, **GAIN)
    statement(target, "gain", 625, date(2018, 6, 30), known=date(2018, 10, 1))
    statement(target, "gain", 600, date(2023, 6, 30), known=date(2023, 9, 1))
    statement(
        target, "gain", 829, published_on=date(2024, 1, 1), published_precision="year",
        period_end_from=date(2023, 7, 1), period_end_to=date(2024, 12, 31),
    )  # fmt: skip
    return target


def test_each_edition_has_the_status_of_its_day(jobs: TargetPage):
    editions = record(jobs).editions
    assert [(item.slug, item.reading.figure, item.progress.status) for item in editions] == [
        ("2018-10", "625", Status.ON_COURSE),
        ("2023-09", "600", Status.BEHIND),
        ("2024", "829", Status.TOO_CLOSE),
    ]


def test_today_there_is_a_result(jobs: TargetPage):
    today = record(jobs)
    assert today.progress.status is Status.NOT_MET
    assert today.progress.pace is None
    assert today.latest.figure == "829"


def test_nothing_younger_than_the_day_is_used(jobs: TargetPage):
    statement(jobs, "gain", 999, date(2018, 3, 31))  # without a date
    then = record(jobs).as_at(date(2018, 10, 31))
    assert [reading.figure for reading in then.readings] == ["625"]
    assert then.progress.status is Status.ON_COURSE
    assert [edition.slug for edition in then.editions] == ["2018-10"]
    assert "999" in [reading.figure for reading in record(jobs).readings]


@pytest.mark.parametrize("kind", ["press", "third_party"])
def test_what_is_reported_is_listed_and_never_counts(jobs: TargetPage, kind: str):
    statement(jobs, "gain", 1200, date(2024, 12, 31), kind=kind, known=date(2025, 1, 1))
    statement(jobs, "share_of_target", 3, date(2024, 12, 31), kind=kind, known=date(2025, 1, 1))
    today = record(jobs)
    assert today.progress.status is Status.NOT_MET
    assert {reading.statement.kind for reading in today.readings} == {"lep"}
    # Beside gains that were stated; the share, which nobody stated, doesn't stand alone.
    assert [item.measure for item in today.shown_statements if item.kind == kind] == ["gain"]


def test_a_disagreement_needs_the_publisher(jobs: TargetPage):
    for kind in ("press", "third_party"):
        statement(jobs, "start", 5, kind=kind, fact_key="hearsay")
    statement(jobs, "start", 8113, fact_key="start")
    statement(jobs, "start", 8115, fact_key="start", kind="third_party")
    assert [[item.value for item in group] for group in record(jobs).disagreements] == [[8113, 8115]]


def test_a_widening_without_a_number_moves_away_until_the_deadline(strategy: SampleStrategy):
    target = make(strategy, **GAP, comparator=strategy.area)
    statement(target, "gap_gone", -14, date(2019, 12, 31))
    statement(target, "widened", None, known=date(2022, 6, 1))
    then, today = record(target).as_at(date(2022, 6, 30)), record(target)
    assert then.progress.status is Status.AWAY
    # A result needs a number, and the last one is of 2019.
    assert today.progress.status is Status.NO_FINAL
    assert today.latest.value == -14


def test_starts_that_disagree_leave_the_direction_open(strategy: SampleStrategy):
    target = make(strategy, **GAP | {"target_value": Decimal(100)}, comparator=strategy.area)
    for year, value in ((2013, "5.7"), (2014, "3.9")):
        statement(target, "start", value, date(year, 12, 31), kind="ours", known=date(2024, 4, 1))
    statement(target, "levels", "70.6", date(2024, 12, 31), reference_value=Decimal("75.8"), known=date(2025, 4, 1))
    today = record(target)
    assert today.progress.status is Status.NOT_MET
    assert today.progress.direction is Status.TOO_CLOSE
    assert today.latest.value == Decimal("5.2")


class TestSeries:
    """The gap from counts, as each release gave it."""

    @pytest.fixture
    def target(self, strategy: SampleStrategy) -> TargetPage:
        areas = [GeoArea.objects.create(code=f"Y9900000{n}", name=f"Area {n}") for n in range(3)]
        series = rate_series(strategy.area, areas[0], areas[1], areas[2])
        first = {"area": (500, 1000), "whole": (6500, 11000), "taken": (500, 1000)}
        # The rest: 6,000 of 10,000 is 60%, so the gap is 10 points, then 8, revised to 6.
        release(series, date(2019, 6, 1), {2014: first, 2018: first | {"area": (520, 1000)}})
        release(
            series,
            date(2024, 6, 1),
            {2014: first, 2018: first | {"area": (540, 1000)}, 2022: first | {"area": (560, 1000)}},
        )
        return make(strategy, **GAP, comparator=areas[2], series=series["area"])

    def test_rates_come_from_counts(self, target: TargetPage):
        found = record(target).measurements
        assert [(item.area.period_label, item.comparator.value, item.gap.value) for item in found] == [
            ("2014", 60, 10),
            ("2018", 60, 6),
            ("2022", 60, 4),
        ]

    def test_an_earlier_day_keeps_its_own_figures(self, target: TargetPage):
        then = record(target).as_at(date(2019, 6, 1))
        assert [item.gap.value for item in then.measurements] == [10, 8]
        assert [(item.slug, item.reading.figure) for item in record(target).editions] == [
            ("2019-06-01", "8.0 points"),
            ("2024-06-01", "4.0 points"),
        ]

    def test_a_result_needs_the_year_of_the_deadline(self, target: TargetPage):
        assert record(target).progress.status is Status.NO_FINAL

    def test_a_withdrawn_release_is_as_if_it_never_was(self, target: TargetPage):
        from nelis.evidence.models import Vintage

        Vintage.objects.filter(released_on=date(2024, 6, 1)).update(withdrawn_at="2025-01-01T00:00:00Z")
        assert [item.gap.value for item in record(target).measurements] == [10, 8]


def test_many_records_cost_no_more_than_one(jobs: TargetPage, django_assert_max_num_queries: Any):
    targets = list(TargetPage.objects.select_related(*TargetPage.page_select_related))
    with django_assert_max_num_queries(4):
        assert len(load_records(targets)) == len(targets)
    assert source()

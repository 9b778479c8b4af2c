"""What is known of a series today, and what was known at a release or on a day; figures that are its latest."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from nelis.core.models import ChangeEntry
from nelis.evidence.models import Observation, Series, SeriesBreak, Statistic, Vintage
from nelis.evidence.models.series_points import as_at, latest_observations, points_of
from nelis.evidence.series_figures import refresh_statistics
from tests.evidence.conftest import year


def values(points: Any) -> list[tuple[str, Decimal | None]]:
    return [(point.period_label, point.value) for point in points]


@pytest.fixture
def revised(county: SimpleNamespace) -> SimpleNamespace:
    """2020 and 2021 in the early release; 2021 revised and 2022 added in the late one."""
    year(county.early, county.whole, 2020, 60)
    year(county.early, county.whole, 2021, 61)
    year(county.late, county.whole, 2021, "61.5")
    year(county.late, county.whole, 2022, 63)
    return county


@pytest.mark.pg
def test_each_period_comes_from_the_newest_release_that_gives_it(revised: SimpleNamespace) -> None:
    points = latest_observations(revised.whole)
    assert values(points) == [("2020", 60), ("2021", Decimal("61.5")), ("2022", 63)]
    assert [point.vintage.key for point in points] == ["v1", "v2", "v2"]


@pytest.mark.parametrize(
    ("until", "last"),
    [(date(2023, 5, 31), None), (date(2023, 6, 1), 61), (date(2024, 5, 31), 61), (date(2024, 6, 1), 63)],
)
def test_what_was_known_on_a_day(revised: SimpleNamespace, until: date, last: int | None) -> None:
    points = as_at(revised.whole, until)
    assert (points[-1].value if points else None) == last


@pytest.mark.pg
def test_what_was_known_at_a_release(revised: SimpleNamespace) -> None:
    assert values(as_at(revised.whole, revised.early)) == [("2020", 60), ("2021", 61)]
    assert len(as_at(revised.whole, revised.late)) == 3


def test_a_release_whose_day_is_not_known_is_the_oldest(revised: SimpleNamespace) -> None:
    undated = Vintage.objects.create(key="v0", label="Undated", source=revised.source)
    year(undated, revised.whole, 2022, 99)
    year(undated, revised.whole, 2019, 58)
    assert values(latest_observations(revised.whole))[0] == ("2019", 58)
    assert values(latest_observations(revised.whole))[-1] == ("2022", 63)
    assert values(as_at(revised.whole, date(2020, 1, 1))) == [("2019", 58), ("2022", 99)]


def test_a_withdrawn_release_counts_no_more(revised: SimpleNamespace) -> None:
    Vintage.objects.filter(key="v2").update(withdrawn_at=timezone.now())
    assert values(latest_observations(revised.whole)) == [("2020", 60), ("2021", 61)]
    assert values(as_at(revised.whole, revised.late)) == []


def test_a_derived_series_comes_from_the_counts_of_its_parts(county: SimpleNamespace) -> None:
    year(county.early, county.whole, 2020, 70, numerator=700, denominator=1000)
    year(county.early, county.part, 2020, 40, numerator=80, denominator=200)
    year(county.late, county.part, 2020, 45, numerator=90, denominator=200)
    assert values(latest_observations(county.remainder)) == [("2020", Decimal("76.25"))]
    assert values(as_at(county.remainder, county.early)) == [("2020", Decimal("77.5"))]
    assert latest_observations(county.remainder)[0].vintage == county.late


@pytest.mark.once
def test_any_number_of_series_costs_the_same(revised: SimpleNamespace, django_assert_num_queries: Any) -> None:
    wanted = list(Series.objects.select_related("indicator"))
    with django_assert_num_queries(2):
        assert set(points_of(wanted)) == {series.pk for series in wanted}


@pytest.mark.pg
def test_a_release_gives_one_value_a_period(revised: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        year(revised.early, revised.whole, 2020, 1)


def test_a_period_has_an_order(county: SimpleNamespace) -> None:
    backwards = Observation(
        vintage=county.early,
        series=county.whole,
        period_start=date(2020, 1, 2),
        period_end=date(2020, 1, 1),
        period_label="2020",
    )
    with pytest.raises(ValidationError, match="ends after it starts"):
        backwards.full_clean()


def test_a_break_is_of_a_series_or_an_indicator(county: SimpleNamespace) -> None:
    for given in ({}, {"series": county.whole, "indicator": county.rate}):
        with pytest.raises(ValidationError, match="a series or an indicator"):
            SeriesBreak(key="b", on=date(2015, 1, 1), note="More firms are counted.", **given).full_clean()
    SeriesBreak(key="b", on=date(2015, 1, 1), note="More firms are counted.", indicator=county.rate).full_clean()


# --- figures that are the latest of a series -----------------------------------------------------


@pytest.fixture
def figure(revised: SimpleNamespace) -> Statistic:
    """A published figure that is the latest of the series."""
    statistic = Statistic(key="F90", label="fly kites", series=revised.whole, geography=revised.area)
    statistic.full_clean()
    statistic.save()
    statistic.save_revision().publish()
    statistic.refresh_from_db()
    return statistic


def test_a_figure_is_the_latest_of_its_series(figure: Statistic, revised: SimpleNamespace) -> None:
    assert figure.figure.text == "63%"
    assert (figure.period_text, figure.period_end) == ("2022", date(2022, 12, 31))
    assert (figure.source, figure.page_ref, figure.status) == (revised.source, "Kites, June 2024", "confirmed")


def test_a_figure_follows_its_series_and_is_written_down(figure: Statistic, revised: SimpleNamespace) -> None:
    year(revised.late, revised.whole, 2023, "64.26")
    assert refresh_statistics([revised.whole], note="New figures: Kites.") == [figure]
    figure.refresh_from_db()
    assert (figure.figure.text, figure.period_text) == ("64.3%", "2023")
    entry = ChangeEntry.objects.of(figure).first()
    assert entry is not None
    assert (entry.kind, entry.note) == ("figure", "New figures: Kites.")
    assert any("63%" in detail and "64.3%" in detail for detail in entry.details)
    assert refresh_statistics() == []


def test_a_draft_of_a_figure_waits_and_takes_the_new_value(figure: Statistic, revised: SimpleNamespace) -> None:
    figure.note = "Read with care."
    figure.save_revision()
    year(revised.late, revised.whole, 2023, 65)
    refresh_statistics()
    figure.refresh_from_db()
    assert (figure.figure.text, figure.note, figure.has_unpublished_changes) == ("65%", "", True)
    year(revised.late, revised.whole, 2024, 66)
    figure.latest_revision.publish()
    figure.refresh_from_db()
    assert (figure.figure.text, figure.note) == ("66%", "Read with care.")


def test_a_figure_of_a_derived_series_follows_its_parts(county: SimpleNamespace) -> None:
    year(county.early, county.whole, 2020, 70, numerator=700, denominator=1000)
    year(county.early, county.part, 2020, 40, numerator=80, denominator=200)
    statistic = Statistic(key="F91", label="of the rest", series=county.remainder, geography=county.rest)
    statistic.full_clean()
    statistic.save()
    assert statistic.figure.text == "77.5%"
    year(county.late, county.part, 2020, 45, numerator=90, denominator=200)
    assert refresh_statistics([county.part]) == [statistic]


def test_a_figure_whose_series_holds_nothing_is_not_held(figure: Statistic, revised: SimpleNamespace) -> None:
    Vintage.objects.update(withdrawn_at=timezone.now())
    refresh_statistics()
    figure.refresh_from_db()
    assert (figure.is_missing, figure.figure.text) == (True, "Figure not held")
    Vintage.objects.update(withdrawn_at=None)
    refresh_statistics()
    figure.refresh_from_db()
    assert (figure.is_missing, figure.figure.text) == (False, "63%")

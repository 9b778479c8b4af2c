"""A file becomes a release in one transaction, once; a release is withdrawn with a reason."""

import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from nelis.core.models import ContentVersion
from nelis.evidence.imports import approval
from nelis.evidence.imports.approval import (
    AlreadyImportedError,
    ImportRefusedError,
    Release,
    StaleImportError,
    approve,
    withdraw,
)
from nelis.evidence.imports.comparing import compare
from nelis.evidence.imports.reading import Choices, read_file
from nelis.evidence.imports.register import Register
from nelis.evidence.imports.staging import Staging
from nelis.evidence.models import Observation, Series, Statistic, Vintage
from nelis.evidence.models.series_points import latest_observations
from tests.evidence.conftest import year

FIRST = (
    b"area code,indicator,year,value,lower,upper\nX99000001,Kite rate,2020,60,58,62\nX99000002,Kite rate,2020,61,,\n"
)
SECOND = FIRST.replace(b"60,58", b"60.5,58") + b"X99000001,Kite rate,2021,63,,\n"


def take(county: SimpleNamespace, content: bytes = FIRST, **more: Any) -> approval.Approved:
    """Approve a file as a release of its own day."""
    day = more.pop("day", date(2025, 1, 1))
    release = Release(f"Kites, {day}", county.source, day)
    return approve(content, "kites.csv", Choices(), release, **more)


@pytest.mark.pg
def test_a_file_becomes_a_release(county: SimpleNamespace, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("ann", "ann@example.org")
    approved = take(county, user=user)
    assert (approved.new, approved.revised, approved.unchanged) == (2, 0, 0)
    vintage = approved.vintage
    assert (vintage.file_name, vintage.imported_by, len(vintage.sha256)) == ("kites.csv", user, 64)
    points = latest_observations(county.whole)
    assert [(point.value, point.lower, point.upper) for point in points] == [(60, 58, 62)]
    assert set(vintage.observations.values_list("series", flat=True)) == {county.whole.pk, county.part.pk}


@pytest.mark.pg
def test_what_is_new_revised_and_unchanged(county: SimpleNamespace) -> None:
    take(county)
    approved = take(county, SECOND, day=date(2025, 2, 1))
    assert (approved.new, approved.revised, approved.unchanged) == (1, 1, 1)
    assert [point.value for point in latest_observations(county.whole)] == [Decimal("60.5"), 63]
    assert Observation.objects.count() == 5


@pytest.mark.pg
def test_the_same_file_again_changes_nothing(county: SimpleNamespace) -> None:
    first = take(county)
    take(county, SECOND, day=date(2025, 2, 1))
    # Not even after another release: what it says is held, and must not come back as the newest.
    with pytest.raises(AlreadyImportedError) as refused:
        take(county, day=date(2025, 3, 1))
    assert refused.value.vintage == first.vintage
    assert Vintage.objects.filter(sha256__gt="").count() == 2


def test_a_withdrawn_file_can_come_again(county: SimpleNamespace) -> None:
    withdraw(take(county).vintage, None, "The wrong file.")
    assert take(county, day=date(2025, 2, 1)).new == 2


def test_other_words_for_the_same_figures_change_nothing(county: SimpleNamespace) -> None:
    take(county)
    with pytest.raises(ImportRefusedError, match="held already"):
        take(county, FIRST + b"\n", day=date(2025, 2, 1))


@pytest.mark.pg
def test_a_stale_approval_is_refused(county: SimpleNamespace) -> None:
    seen = seen_signature(SECOND)
    take(county)
    with pytest.raises(StaleImportError, match="changed since you looked"):
        take(county, SECOND, signature=seen, day=date(2025, 2, 1))
    assert take(county, SECOND, signature=seen_signature(SECOND), day=date(2025, 2, 1)).revised == 1


def seen_signature(content: bytes) -> str:
    """The signature of the comparison that somebody sees."""
    with Staging() as staging:
        return compare(read_file(io.BytesIO(content), staging, Register.load(), Choices())).signature


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (FIRST.replace(b"60,", b"160,"), "can’t be"),
        (FIRST.replace(b"Kite rate", b"Boats"), "Which figure"),
        (FIRST + b"X99000001,Kite rate,2020,60,,\n", "same figure"),
        (b"PK\x03\x04 xl/", "Excel"),
    ],
)
def test_a_file_with_errors_or_questions_is_refused_as_a_whole(
    county: SimpleNamespace, content: bytes, why: str
) -> None:
    with pytest.raises(ImportRefusedError, match=why):
        take(county, content)
    assert not Observation.objects.exists()
    assert Vintage.objects.count() == 2


@pytest.mark.pg
def test_what_fails_half_way_leaves_nothing(county: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(approval, "refresh_statistics", fail)
    content = FIRST + b"X99000009,Kite rate,2022,63,,\n"
    with pytest.raises(RuntimeError):
        take(county, content)
    assert (Observation.objects.count(), Vintage.objects.count(), Series.objects.count()) == (0, 2, 3)


def test_a_series_that_is_missing_is_created(county: SimpleNamespace) -> None:
    county.remainder.delete()
    Series.objects.all().delete()
    approved = take(county)
    series = Series.objects.get(area=county.area)
    assert (series.key, series.frequency, series.licence) == ("kite-rate-x99000001", "yearly", "OGL v3")
    assert approved.new == 2


def test_figures_on_the_site_follow_and_cached_pages_expire(county: SimpleNamespace) -> None:
    statistic = Statistic(key="F90", label="fly kites", series=county.whole, geography=county.area)
    statistic.full_clean()
    statistic.save()
    statistic.save_revision().publish()
    version = ContentVersion.current()
    assert take(county).statistics == 1
    assert ContentVersion.current() > version
    statistic.refresh_from_db()
    assert statistic.figure.text == "60%"


@pytest.mark.pg
def test_a_withdrawn_release_gives_back_what_was_before(county: SimpleNamespace) -> None:
    take(county)
    late = take(county, SECOND, day=date(2025, 2, 1)).vintage
    assert withdraw(late, None, "The survey was weighted wrongly.") is True
    assert [point.value for point in latest_observations(county.whole)] == [60]
    late.refresh_from_db()
    assert (late.is_withdrawn, late.withdrawn_reason) == (True, "The survey was weighted wrongly.")
    assert withdraw(late, None, "Again.") is False


def test_a_great_revision_is_named(county: SimpleNamespace) -> None:
    year(county.early, county.whole, 2020, 40)
    with Staging() as staging:
        reading = read_file(io.BytesIO(FIRST), staging, Register.load(), Choices())
        comparison = compare(reading)
    assert (comparison.new, comparison.revised) == (1, 1)
    (warning,) = reading.problems.warnings
    assert (warning.code, warning.rows) == ("W12", [2])

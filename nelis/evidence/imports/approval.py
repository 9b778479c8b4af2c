"""What was seen of a file becomes a release, in one transaction; a release is withdrawn with a reason."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from nelis.core.models import ContentVersion
from nelis.evidence.imports.comparing import Comparison, compare, find_frequency, held_series
from nelis.evidence.imports.reading import Choices, Group, Reading, read_file
from nelis.evidence.imports.register import Register
from nelis.evidence.imports.staging import Staging
from nelis.evidence.models import GeoArea, Indicator, Observation, Series, Source, Vintage
from nelis.evidence.series_figures import refresh_statistics

_BATCH = 1000


class ImportRefusedError(Exception):
    """Raised when a file can't be approved; its text says why, for staff."""


class StaleImportError(ImportRefusedError):
    """Raised when something else would be approved than was seen."""


class AlreadyImportedError(ImportRefusedError):
    """Raised for a file that is held already."""

    def __init__(self, vintage: Vintage) -> None:
        super().__init__(f"This file is held already, as “{vintage}”. Nothing changes.")
        self.vintage = vintage


@dataclass(frozen=True, slots=True)
class Release:
    """What is said of a release: how it is called, its day or the words for it, the publication, a caveat."""

    label: str
    source: Source
    released_on: date | None = None
    released_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of an approval. ``statistics`` are the figures on the site that changed with it."""

    vintage: Vintage
    new: int
    revised: int
    unchanged: int
    statistics: int


@transaction.atomic
def approve(
    content: bytes, file_name: str, choices: Choices, release: Release, user: Any = None, signature: str = ""
) -> Approved:
    """Hold the values of a file as a release. ``signature`` is that of the comparison that was seen, if one was.

    Raises ImportRefusedError, and changes nothing, when the file has errors or open questions, changes nothing, or is
    held already; StaleImportError when what is held has changed since it was seen.
    """
    # One at a time: what is compared here must be what is held when it is written.
    list(Indicator.objects.select_for_update().values_list("pk", flat=True))
    with Staging() as staging:
        reading = read_file(io.BytesIO(content), staging, Register.load(), choices)
        comparison = compare(reading)
        _check(reading, comparison, signature)
        series = _series(reading, release.source)
        vintage = _create_vintage(reading, release, file_name, user)
        observations = _observations(reading, series, vintage)
        while batch := list(islice(observations, _BATCH)):
            Observation.objects.bulk_create(batch)
    # Observations are created without signals.
    ContentVersion.bump()
    changed = refresh_statistics(series.values(), user, f"New figures: {vintage}.")
    return Approved(vintage, comparison.new, comparison.revised, comparison.unchanged, len(changed))


@transaction.atomic
def withdraw(vintage: Vintage, user: Any, reason: str) -> bool:
    """Take ``vintage`` out of what is shown, with a reason for readers. False when it is withdrawn already.

    Its observations stay, and its page. For each period the release before it counts again.
    """
    standing = Vintage.objects.standing().filter(pk=vintage.pk)
    now = timezone.now()
    if not standing.update(withdrawn_at=now, withdrawn_by=user, withdrawn_reason=reason):
        return False
    ContentVersion.bump()
    series = Series.objects.filter(pk__in=vintage.observations.values("series"))
    refresh_statistics(series, user, f"Withdrawn: {vintage}.")
    return True


def find_same_file(reading: Reading) -> Vintage | None:
    """The standing release that the same file has given for all of its series; None when there is none."""
    series = [found.pk if found else None for found in held_series(reading).values()]
    if not series or None in series:
        return None
    for vintage in Vintage.objects.standing().filter(sha256=reading.sha256):
        given = set(vintage.observations.values_list("series", flat=True).distinct())
        if given.issuperset(series):
            return vintage
    return None


def _check(reading: Reading, comparison: Comparison, signature: str) -> None:
    if reading.problems.errors:
        raise ImportRefusedError(" ".join(problem.message for problem in reading.problems.errors[:3]))
    if reading.problems.questions:
        raise ImportRefusedError(" ".join(problem.message for problem in reading.problems.questions))
    if same := find_same_file(reading):
        raise AlreadyImportedError(same)
    if signature and signature != comparison.signature:
        raise StaleImportError("It wasn’t approved: the figures that we hold have changed since you looked.")
    if not comparison.changes:
        raise ImportRefusedError("Everything in this file is held already. Nothing changes.")


def _series(reading: Reading, source: Source) -> dict[tuple[int, str], Series]:
    """The series of each group and area. Those that don't exist yet are created."""
    groups = {group.number: group for group in reading.groups.values()}
    areas = {area.code: area for area in GeoArea.objects.all()}
    frequency = find_frequency(reading)
    found: dict[tuple[int, str], Series] = {}
    for (number, area), series in held_series(reading).items():
        found[number, area] = series or _create_series(groups[number], areas[area], frequency, source)
    return found


def _free_key(model: type[Series | Vintage], wanted: str) -> str:
    """Return ``wanted``, with a number from 2 on where another has it. A year at its end stays."""
    key, number = wanted, 2
    while model._default_manager.filter(key=key).exists():
        key, number = f"{wanted}-{number}", number + 1
    return key


def _create_series(group: Group, area: GeoArea, frequency: str, source: Source) -> Series:
    wanted = slugify("-".join(filter(None, [group.indicator.code, area.code, group.treatment])))
    return Series.objects.create(
        key=_free_key(Series, wanted),
        indicator=group.indicator,
        area=area,
        treatment=group.treatment,
        frequency=frequency,
        source=source,
        licence=source.licence,
    )


def _create_vintage(reading: Reading, release: Release, file_name: str, user: Any) -> Vintage:
    return Vintage.objects.create(
        key=_free_key(Vintage, slugify(release.label)[:60] or "release"),
        label=release.label,
        released_on=release.released_on,
        released_text=release.released_text,
        source=release.source,
        note=release.note,
        file_name=file_name[:255],
        sha256=reading.sha256,
        imported_by=user,
    )


def _observations(reading: Reading, series: dict[tuple[int, str], Series], vintage: Vintage) -> Iterator[Observation]:
    for staged in reading.staging.rows():
        yield Observation(
            vintage=vintage,
            series=series[staged.group, staged.area],
            period_start=staged.first,
            period_end=staged.last,
            period_label=staged.label,
            status_flag=staged.flag,
            **staged.values,
        )

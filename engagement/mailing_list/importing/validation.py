"""Validate a list to import: what is wrong with each row, and whom it leaves out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone

from engagement.mail.addresses import address_hash, clean_address
from engagement.mailing_list.importing.parsing import COLUMNS, ParsedRow, UnreadableFile, parse_rows
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic
from nelis.core.csv_export import is_formula

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
#: Errors and skipped rows that are shown; all are counted.
MAX_SHOWN = 200
#: Addresses looked up in one query.
CHUNK = 1000
MAX_LENGTHS = {"address": 254, "name": 120, "organisation": 160, "consent_evidence": 160}
FREQUENCIES = {value: value for value in Frequency.values} | {
    label.casefold(): value for value, label in Frequency.choices
}


@dataclass(frozen=True, slots=True)
class RowError:
    """One error, or one row skipped: where, and why."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A subscription to add."""

    row: int
    address: str
    hash: str
    name: str
    organisation: str
    topics: tuple[int, ...]
    frequency: str
    consent_date: date
    evidence: str


@dataclass
class ValidationResult:
    """What a file comes to."""

    entries: list[ImportRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    skipped: list[RowError] = field(default_factory=list)
    #: {"suppressed": 3}
    skipped_counts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    slugs: dict[int, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether it can be imported: no error in any row, and somebody to add."""
        return not self.error_count and bool(self.entries)

    @property
    def skipped_count(self) -> int:
        """How many rows are skipped."""
        return self.skipped_counts.total()

    def add_error(self, row: int, column: str, why: str) -> None:
        """Add an error; the first ones are shown."""
        self.error_count += 1
        if len(self.errors) < MAX_SHOWN:
            self.errors.append(RowError(row, column, why))

    def skip(self, row: int, word: str, why: str) -> None:
        """Add a skipped row; the first ones are shown."""
        self.skipped_counts[word] += 1
        if len(self.skipped) < MAX_SHOWN:
            self.skipped.append(RowError(row, "address", why))


def validate(content: bytes) -> ValidationResult:
    """Validate a file, without changing anything. Never raises for what is in it."""
    result = ValidationResult()
    topics = list(Topic.objects.all())
    result.slugs = {topic.pk: topic.slug for topic in topics}
    names = {name.casefold(): topic.pk for topic in topics for name in (topic.slug, topic.name)}
    seen: dict[str, int] = {}
    entries = _valid_rows(content, result, names, seen)
    try:
        while chunk := list(islice(entries, CHUNK)):
            _skip_known(chunk, result)
    except UnreadableFile as error:
        result.add_error(0, "", str(error))
    return result


def is_still_valid(result: ValidationResult) -> bool:
    """Whether everybody who is to be added still may be: nobody has joined or left since."""
    entries = iter(result.entries)
    while chunk := list(islice(entries, CHUNK)):
        now = ValidationResult()
        _skip_known(chunk, now)
        if now.skipped_count:
            return False
    return True


def _valid_rows(
    content: bytes, result: ValidationResult, names: dict[str, int], seen: dict[str, int]
) -> Iterator[ImportRow]:
    """Yield the rows without errors."""
    for row in parse_rows(content):
        result.rows += 1
        entry = _parse_row(row, result, names)
        if entry is None:
            continue
        if first := seen.get(entry.hash):
            result.add_error(row.number, "address", f"This address stands in row {first} already. Keep one of them.")
            continue
        seen[entry.hash] = row.number
        yield entry


def _parse_row(row: ParsedRow, result: ValidationResult, names: dict[str, int]) -> ImportRow | None:
    if not row.width_is_right:
        result.add_error(row.number, "", "This row has more or fewer cells than the first one.")
        return None
    cells = dict(zip(COLUMNS, row.cells, strict=True))
    readers: dict[str, Callable[[str], Any]] = {
        "address": clean_address,
        "topics": lambda cell: _topics(cell, names),
        "frequency": _frequency,
        "consent_date": _consent_day,
        "consent_evidence": _evidence,
    }
    values: dict[str, Any] = {}
    before = result.error_count
    for column, cell in cells.items():
        try:
            values[column] = readers.get(column, str)(_clean_cell(column, cell))
        except ValueError as error:
            result.add_error(row.number, column, str(error))
    if result.error_count > before:
        return None
    return ImportRow(
        row=row.number,
        address=values["address"],
        hash=address_hash(values["address"]),
        name=values["name"],
        organisation=values["organisation"],
        topics=values["topics"],
        frequency=values["frequency"],
        consent_date=values["consent_date"],
        evidence=values["consent_evidence"],
    )


def _skip_known(chunk: list[ImportRow], result: ValidationResult) -> None:
    """Skip who is on the list already, and who is suppressed."""
    hashes = [entry.hash for entry in chunk]
    suppressed = _by_hash(Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason"))
    on_list = _by_hash(Subscription.objects.open().filter(address_hash__in=hashes).values_list("address_hash", "state"))
    for entry in chunk:
        if reason := suppressed.get(entry.hash):
            words = Suppression.Reason(reason).label.lower()
            result.skip(entry.row, "suppressed", f"This address is suppressed: {words}.")
        elif state := on_list.get(entry.hash):
            waits = state == Subscription.State.PENDING
            why = "has asked to join and not confirmed yet" if waits else "is on the list already"
            result.skip(entry.row, "on the list", f"This address {why}.")
        else:
            result.entries.append(entry)


def _by_hash(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(rows)


# --- cells: each reader raises ValueError, with a message for whoever made the file -------------------


def _clean_cell(column: str, cell: str) -> str:
    if _CONTROLS.search(cell):
        raise ValueError("Take the line breaks and other control characters out of this cell.")
    if cell and is_formula(cell):
        raise ValueError("This looks like a formula. Take out the sign at its beginning.")
    if len(cell) > MAX_LENGTHS.get(column, 1000):
        raise ValueError(f"Shorten this to {MAX_LENGTHS.get(column, 1000)} characters or fewer.")
    return cell


def _topics(cell: str, names: dict[str, int]) -> tuple[int, ...]:
    wanted = [word.strip() for word in cell.replace(";", "|").split("|") if word.strip()]
    if not wanted:
        raise ValueError("Name at least one topic.")
    unknown = [word for word in wanted if word.casefold() not in names]
    if unknown:
        raise ValueError(f"There is no topic called “{unknown[0][:60]}”.")
    return tuple(sorted({names[word.casefold()] for word in wanted}))


def _frequency(cell: str) -> str:
    found = FREQUENCIES.get(cell.casefold())
    if not found:
        raise ValueError(f"Enter one of these: {', '.join(Frequency.values)}.")
    return found


def _consent_day(cell: str) -> date:
    if not cell:
        raise ValueError("Say on which day this person agreed. Without that, they can’t be added.")
    day = _parse_day(cell)
    if day > timezone.localdate():
        raise ValueError("The day of consent is in the future.")
    return day


def _parse_day(cell: str) -> date:
    if found := _DAY.fullmatch(cell):
        year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise ValueError("Write the day as 2018-05-25 or 25/05/2018.")


def _evidence(cell: str) -> str:
    if not cell:
        raise ValueError("Say where the evidence of consent is kept. Without that, they can’t be added.")
    if "@" in cell:
        raise ValueError("Say where the evidence is kept without an address: this is kept for good.")
    return cell

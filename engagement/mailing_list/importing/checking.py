"""What is wrong with each row of a list, and whom it leaves out."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.utils import timezone

from engagement.mailing_list.importing.reading import COLUMNS, Row, Unreadable, read
from engagement.mailing_list.models import Frequency, Subscription, Suppression, Topic
from engagement.post.addresses import address_hash, clean_address
from nelis.core.spreadsheets import is_formula

__all__ = ["Checked", "Entry", "Fault", "check", "still_stands"]

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
#: Shown at most; all are counted.
SHOWN = 200
#: Addresses asked about in one query.
CHUNK = 1000
LONGEST = {"address": 254, "name": 120, "organisation": 160, "consent_evidence": 160}
FREQUENCIES = {value: value for value in Frequency.values} | {
    label.casefold(): value for value, label in Frequency.choices
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, or one row left out: where, and why."""

    row: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody to be added."""

    row: int
    address: str
    hash: str
    name: str
    organisation: str
    topics: tuple[int, ...]
    frequency: str
    consented: date
    evidence: str


@dataclass
class Checked:
    """What a file comes to."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    left_out: list[Fault] = field(default_factory=list)
    #: {"suppressed": 3}
    left_out_counts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    slugs: dict[int, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether it can be brought in: nothing wrong with any row, and somebody to add."""
        return not self.fault_count and bool(self.entries)

    @property
    def left_out_count(self) -> int:
        """How many rows are left out."""
        return self.left_out_counts.total()

    def fault(self, row: int, column: str, why: str) -> None:
        """Note a fault; the first ones are shown."""
        self.fault_count += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(row, column, why))

    def leave_out(self, row: int, word: str, why: str) -> None:
        """Note a row that is left out."""
        self.left_out_counts[word] += 1
        if len(self.left_out) < SHOWN:
            self.left_out.append(Fault(row, "address", why))


def check(content: bytes) -> Checked:
    """Read a file and say what it comes to, without changing anything. Never raises for what is in it."""
    checked = Checked()
    topics = list(Topic.objects.all())
    checked.slugs = {topic.pk: topic.slug for topic in topics}
    names = {name.casefold(): topic.pk for topic in topics for name in (topic.slug, topic.name)}
    seen: dict[str, int] = {}
    entries = _entries(content, checked, names, seen)
    try:
        while chunk := list(islice(entries, CHUNK)):
            _compare(chunk, checked)
    except Unreadable as error:
        checked.fault(0, "", str(error))
    return checked


def still_stands(checked: Checked) -> bool:
    """Whether everybody who was found to be added may still be: nobody has joined or left since. Takes a moment."""
    entries = iter(checked.entries)
    while chunk := list(islice(entries, CHUNK)):
        now = Checked()
        _compare(chunk, now)
        if now.left_out_count:
            return False
    return True


def _entries(content: bytes, checked: Checked, names: dict[str, int], seen: dict[str, int]) -> Iterator[Entry]:
    """The rows in which nothing is wrong."""
    for row in read(content):
        checked.rows += 1
        entry = _entry(row, checked, names)
        if entry is None:
            continue
        if first := seen.get(entry.hash):
            checked.fault(row.number, "address", f"This address stands in row {first} already. Keep one of them.")
            continue
        seen[entry.hash] = row.number
        yield entry


def _entry(row: Row, checked: Checked, names: dict[str, int]) -> Entry | None:
    if not row.width_is_right:
        checked.fault(row.number, "", "This row has more or fewer cells than the first one.")
        return None
    cells = dict(zip(COLUMNS, row.cells, strict=True))
    readers: dict[str, Callable[[str], Any]] = {
        "address": clean_address,
        "topics": lambda cell: _topics(cell, names),
        "frequency": _frequency,
        "consent_date": _day,
        "consent_evidence": _evidence,
    }
    values: dict[str, Any] = {}
    before = checked.fault_count
    for column, cell in cells.items():
        try:
            values[column] = readers.get(column, str)(_plain(column, cell))
        except ValueError as error:
            checked.fault(row.number, column, str(error))
    if checked.fault_count > before:
        return None
    return Entry(
        row=row.number,
        address=values["address"],
        hash=address_hash(values["address"]),
        name=values["name"],
        organisation=values["organisation"],
        topics=values["topics"],
        frequency=values["frequency"],
        consented=values["consent_date"],
        evidence=values["consent_evidence"],
    )


def _compare(chunk: list[Entry], checked: Checked) -> None:
    """Leave out who is on the list already, and who must never be put on it."""
    hashes = [entry.hash for entry in chunk]
    kept_out = _by_hash(Suppression.objects.filter(address_hash__in=hashes).values_list("address_hash", "reason"))
    on_list = _by_hash(Subscription.objects.open().filter(address_hash__in=hashes).values_list("address_hash", "state"))
    for entry in chunk:
        if reason := kept_out.get(entry.hash):
            words = Suppression.Reason(reason).label.lower()
            checked.leave_out(entry.row, "suppressed", f"This address is suppressed: {words}.")
        elif state := on_list.get(entry.hash):
            waits = state == Subscription.State.PENDING
            why = "has asked to join and not confirmed yet" if waits else "is on the list already"
            checked.leave_out(entry.row, "on the list", f"This address {why}.")
        else:
            checked.entries.append(entry)


def _by_hash(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(rows)


# --- cells: each reader raises ValueError, with words for whoever made the file ----------------------


def _plain(column: str, cell: str) -> str:
    if _CONTROLS.search(cell):
        raise ValueError("Take the line breaks and other control characters out of this cell.")
    if cell and is_formula(cell):
        raise ValueError("This looks like a formula. Take out the sign at its beginning.")
    if len(cell) > LONGEST.get(column, 1000):
        raise ValueError(f"Shorten this to {LONGEST.get(column, 1000)} characters or fewer.")
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


def _day(cell: str) -> date:
    if not cell:
        raise ValueError("Say on which day this person agreed. Without that, they can’t be added.")
    day = _read_day(cell)
    if day > timezone.localdate():
        raise ValueError("The day of consent is in the future.")
    return day


def _read_day(cell: str) -> date:
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

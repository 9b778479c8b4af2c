"""A file read from end to end: what it holds, and everything that is wrong with it. Nothing is written."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from nelis.evidence.imports.decoding import MAX_ROWS, check_kind, find_delimiter, find_encoding, read_rows
from nelis.evidence.imports.periods import Period, parse_period
from nelis.evidence.imports.problems import Code, Problems, RefusedError
from nelis.evidence.imports.records import Record, Shape, treatment_in
from nelis.evidence.imports.register import REGION, Register
from nelis.evidence.imports.shapes import detect_shape
from nelis.evidence.imports.shapes.columns import AREA_CODE
from nelis.evidence.imports.staging import Staging
from nelis.evidence.imports.values import NotANumberError, parse_value

#: A file with more kinds of figures than this is no table of a few series.
MAX_GROUPS = 5_000
#: What pages of Nomis put before the name of an area, such as “lep:”.
_PREFIX = re.compile(r"[a-z0-9]{2,12}:")
#: Names that mean one area to people here and another to statisticians.
_AMBIGUOUS = frozenset({"north east", "the north east"})
_LABELS = {"value": "value", "numerator": "numerator", "denominator": "denominator", "confidence": "interval"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever imports says of a file because it doesn't say so itself.

    ``indicators`` gives the indicator of a figure by its label, or an empty code to leave it out; ``indicator`` is for
    all.
    """

    indicator: str = ""
    area: str = ""
    period: str = ""
    indicators: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """One kind of figure in a file: what it is called there, and the indicator it is taken for."""

    number: int
    names: tuple[str, ...]
    unit: str
    treatment: str
    indicator: Any = None
    left_out: bool = False
    count: int = 0

    @property
    def label(self) -> str:
        """What the file calls it."""
        return "; ".join(self.names) or "a figure without a name"


@dataclass(slots=True)
class FoundArea:
    """An area of a file: ``code`` is the one it is kept under, empty for one that isn't."""

    given: str
    name: str
    code: str
    count: int = 0


@dataclass(slots=True)
class Reading:
    """What was read of a file. ``rows`` counts its rows with figures; ``staging`` has the values that are kept."""

    staging: Staging
    problems: Problems = field(default_factory=Problems)
    sha256: str = ""
    shape: Shape | None = None
    encoding: str = ""
    delimiter: str = ""
    rows: int = 0
    groups: dict[tuple[tuple[str, ...], str], Group] = field(default_factory=dict)
    areas: dict[tuple[str, str], FoundArea] = field(default_factory=dict)
    periods: dict[str, Period] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return bool(self.problems.errors)

    @property
    def ordered_periods(self) -> list[Period]:
        """The periods in the order of time, each once."""
        by_days = {(period.end, period.start): period for period in self.periods.values()}
        return [by_days[days] for days in sorted(by_days)]


def read_file(file: BinaryIO, staging: Staging, register: Register, choices: Choices) -> Reading:
    """Read ``file`` into ``staging``. What can't be read is among the problems of the result; nothing is raised."""
    reading = Reading(staging)
    try:
        reading.sha256 = _digest(file)
        check_kind(file)
        reading.encoding = find_encoding(file)
        reading.delimiter = find_delimiter(file, reading.encoding)
        shape, rows = detect_shape(read_rows(file, reading.encoding, reading.delimiter))
        reading.shape = shape
        _Reader(reading, register, choices).run(shape.read(rows, reading.problems))
    except RefusedError as error:
        reading.problems.refuse(error)
    return reading


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(65_536):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


class _Reader:
    """One run over the records of a file."""

    def __init__(self, reading: Reading, register: Register, choices: Choices) -> None:
        self.reading = reading
        self.register = register
        self.choices = choices
        self.problems = reading.problems
        self.last_line = 0
        self.december: tuple[int, str] | None = None
        self.financial = False
        self.kept = 0

    def run(self, records: Iterator[Record]) -> None:
        for record in records:
            self.read(record)
        if not self.reading.rows and not self.problems.errors:
            self.problems.add(
                Code.TRUNCATED,
                "The file has headings and no rows.",
                "Download it again: it may be cut off.",
                self.last_line or None,
            )
        self.check_areas()
        self.check_periods()
        self.resolve_groups()

    def read(self, record: Record) -> None:
        """Check one record and stage its values. What is wrong with it is noted."""
        if record.line != self.last_line:
            self.last_line = record.line
            self.reading.rows += 1
            if self.reading.rows > MAX_ROWS:
                raise RefusedError(
                    Code.SHAPE,
                    f"The file has more than {MAX_ROWS:,} rows.",
                    "Choose fewer areas or years where you download it.",
                    record.line,
                )
        period = self.period(record)
        area = self.area(record)
        group = self.group(record)
        values, flag = self.values(record, group)
        if period is None or area is None or values is None:
            return
        group.count += 1
        self.kept += 1
        key = (group.number, area, period.start.isoformat(), period.end.isoformat())
        first = self.reading.staging.add(key, period.label, values, flag, record.line)
        if first is not None:
            self.problems.add(
                Code.DUPLICATE,
                "This row is about the same figure, area and period as one before it.",
                f"Row {first} says it first. Keep one of them; or a column that tells them apart isn’t read.",
                record.line,
            )

    def period(self, record: Record) -> Period | None:
        text = record.period or self.choices.period
        if not text:
            self.problems.add(
                Code.WHICH_PERIOD,
                "No column says which period the figures are for.",
                "Say which, as the source writes it, such as 2022, 2018/19 or Jan 2022-Dec 2022.",
                record.line,
            )
            return None
        period = parse_period(text)
        if period is None:
            self.problems.add(
                Code.PERIOD,
                f"“{text[:60]}” isn’t a period that can be read.",
                "Write it like 2018, 2018/19, 2018-06, Jun-18, 2018 Q2, Apr 2013-Mar 2014 or 12 months to June 2018.",
                record.line,
                "the period",
            )
            return None
        self.reading.periods.setdefault(text, period)
        if period.may_be_financial and self.december is None:
            self.december = record.line, text
        elif period.frequency == "yearly" and re.fullmatch(r"\d{4}-\d\d", text):
            self.financial = True
        return period

    def area(self, record: Record) -> str | None:
        """The code that the area is kept under; None for one that isn't kept, or can't be told."""
        key = (record.area_code, record.area_name)
        found = self.reading.areas.get(key)
        if found is None:
            found = self.reading.areas[key] = self.find_area(record)
        found.count += 1
        if found.code == REGION:
            self.problems.add(
                Code.REGION,
                "These rows are about the North East region, E12000001. That isn’t the area of the strategy: it takes "
                "in Tees Valley.",
                "They are kept as figures of the region. The area of the strategy is E37000025, or E47000014.",
                record.line,
                "the area",
            )
        if not found.code:
            self.unknown_area(record)
        return found.code or None

    def find_area(self, record: Record) -> FoundArea:
        given, name = record.area_code, record.area_name
        if not given and not name:
            return FoundArea("", "", self.register.areas.get(self.choices.area.upper(), ""))
        if given:
            return FoundArea(given, name, self.register.areas.get(given.upper(), ""))
        bare = _PREFIX.sub("", name.lower(), count=1).strip()
        code = "" if bare in _AMBIGUOUS else self.register.area_names.get(bare, "")
        code = code or self.register.areas.get(name.upper(), "")
        return FoundArea("", name, code)

    def unknown_area(self, record: Record) -> None:
        """Note an area that isn't kept, unless its code is an official one: those are looked at together."""
        if AREA_CODE.fullmatch(record.area_code.upper()):
            return
        if not record.area_code and not record.area_name:
            self.problems.add(
                Code.WHICH_AREA,
                "These rows don’t say which area they are for.",
                "Say which area it is.",
                record.line,
            )
        elif record.area_code:
            self.problems.add(
                Code.AREA,
                f"“{record.area_code[:60]}” isn’t the code of an area.",
                "The codes of areas look like E06000047. Download the file with the codes of its areas.",
                record.line,
                "the area",
            )
        elif record.area_name.lower() in _AMBIGUOUS:
            self.problems.add(
                Code.AREA,
                f"“{record.area_name}” may be the region or the area of the strategy: areas have names here, no codes.",
                "Download the file with the codes of its areas: in Nomis, tick “Include area codes”.",
                record.line,
                "the area",
            )
        else:
            self.problems.add(
                Code.AREA,
                f"“{record.area_name[:60]}” isn’t the name of an area that we keep.",
                "Download the file with the codes of its areas: in Nomis, tick “Include area codes”.",
                record.line,
                "the area",
            )

    def group(self, record: Record) -> Group:
        treatment = treatment_in(record.names)
        key = (record.names, treatment)
        group = self.reading.groups.get(key)
        if group is None:
            if len(self.reading.groups) >= MAX_GROUPS:
                raise RefusedError(
                    Code.SHAPE,
                    f"The file has more than {MAX_GROUPS:,} kinds of figures.",
                    "Choose the figures to import where you download it.",
                    record.line,
                )
            group = Group(len(self.reading.groups) + 1, record.names, record.unit, treatment)
            group.indicator = self.register.find_indicator(record.names)
            self.reading.groups[key] = group
        elif record.unit and group.unit and record.unit != group.unit:
            self.problems.add(
                Code.UNIT,
                f"The unit changes within one figure: “{group.unit}” and “{record.unit}”.",
                "Import one unit at a time.",
                record.line,
                "the unit",
            )
        return group

    def values(self, record: Record, group: Group) -> tuple[dict[str, str] | None, str]:
        """The numbers of a record as they are staged; None when one of them is no number."""
        staged: dict[str, str] = {}
        flag = record.flag
        for role, text in record.values.items():
            try:
                value = parse_value(text)
            except NotANumberError as error:
                self.problems.add(
                    Code.NUMBER,
                    f"“{text[:60]}” isn’t a number (the {_LABELS.get(role, role)}).",
                    str(error),
                    record.line,
                    record.column or role,
                )
                return None, ""
            staged[role] = "" if value.number is None else format(value.number, "f")
            flag = flag or value.flag
            group.unit = group.unit or value.unit
        return staged, flag[:40]

    # --- at the end -------------------------------------------------------------------------------

    def check_areas(self) -> None:
        """Leave out areas with official codes that aren't kept, where others are; refuse a file without any that is."""
        unknown = [
            area for area in self.reading.areas.values() if not area.code and AREA_CODE.fullmatch(area.given.upper())
        ]
        if not unknown:
            return
        named = ", ".join(f"{area.name or area.given} ({area.given})" for area in unknown[:4])
        more = f" and {len(unknown) - 4:,} more" if len(unknown) > 4 else ""
        rows = sum(area.count for area in unknown)
        if any(area.code for area in self.reading.areas.values()):
            self.problems.add(
                Code.LEFT_OUT,
                f"{len(unknown):,} areas that we don’t keep, with {rows:,} values, are left out: {named}{more}.",
                "That is right for a file of the whole country. To keep one, add it to the areas first.",
            )
        else:
            self.problems.add(
                Code.AREA,
                f"None of the {len(unknown):,} areas of this file is one that we keep: {named}{more}.",
                "Download it for England, London, the North East and its councils. To keep another area, add it first.",
                column="the area",
            )

    def check_periods(self) -> None:
        if self.december and self.financial:
            line, text = self.december
            self.problems.add(
                Code.PERIOD,
                f"“{text}” may be a month or a financial year: others in this file are financial years.",
                "Write financial years with a slash: 2011/12.",
                line,
                "the period",
            )

    def resolve_groups(self) -> None:
        """Settle which indicator each kind of figure is, by what was chosen or by its name."""
        groups = list(self.reading.groups.values())
        chosen = self.register.by_code.get(self.choices.indicator)
        if chosen is not None:
            self.keep_only(groups, chosen)
        for group in groups:
            code = self.choices.indicators.get(group.label)
            if code is not None:
                group.indicator, group.left_out = self.register.by_code.get(code), not code
        self.check_treatments([group for group in groups if not group.left_out])
        unknown = [group for group in groups if group.indicator is None and not group.left_out]
        if unknown:
            named = ", ".join(f"“{group.label}”" for group in unknown[:6])
            more = f" and {len(unknown) - 6:,} more" if len(unknown) > 6 else ""
            self.problems.add(
                Code.WHICH_INDICATOR,
                f"Which figure is it? The file says {named}{more}.",
                "Say which indicator it is, or leave it out. An administrator can add an indicator.",
            )
        self.reading.staging.forget_areas([group.number for group in groups if group.left_out], [])

    def keep_only(self, groups: list[Group], chosen: Any) -> None:
        """Take for ``chosen`` what is called so, or the only figure there is; leave the others out."""
        named = [group for group in groups if group.indicator is chosen]
        if not named and len({group.names for group in groups}) > 1:
            self.problems.add(
                Code.SHAPE,
                f"The file holds {len(groups):,} kinds of figures, and none is called like “{chosen.name}”: "
                f"{', '.join(f'“{group.label}”' for group in groups[:6])}.",
                "Keep one of them in the file, or add what the file calls it to the indicator.",
            )
            return
        for group in groups:
            if not named:
                group.indicator = chosen
            elif group.indicator is not chosen:
                group.left_out = True
        if left_out := [group for group in groups if group.left_out]:
            self.problems.add(
                Code.LEFT_OUT,
                f"{len(left_out):,} other kinds of figures are left out.",
                "Only the indicator that was asked for is read.",
            )

    def check_treatments(self, groups: list[Group]) -> None:
        """Refuse smoothed and unsmoothed figures in one file, and two kinds of figures for one indicator."""
        treatments = {group.treatment for group in groups if group.indicator is not None or group.treatment}
        if len(treatments) > 1:
            self.problems.add(
                Code.TREATMENT,
                "The file mixes figures that are smoothed with others that aren’t.",
                "They tell different stories. Import one kind at a time.",
            )
            return
        seen: dict[Any, Group] = {}
        for group in groups:
            if group.indicator is None:
                continue
            first = seen.setdefault((group.indicator.code, group.treatment), group)
            if first is not group:
                self.problems.add(
                    Code.DUPLICATE,
                    f"Two kinds of figures are taken for “{group.indicator.name}”: “{first.label}”, “{group.label}”.",
                    "Leave one of them out.",
                )

"""Reads files of Exampleshire against a register made by hand, without a database."""

import io
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from nelis.evidence.imports.problems import Problem
from nelis.evidence.imports.reading import Choices, Reading, read_file
from nelis.evidence.imports.register import Register
from nelis.evidence.imports.staging import Staged, Staging

KITE_RATE = SimpleNamespace(code="kite-rate", name="Kite rate", pk=1)
KITES = SimpleNamespace(code="kites", name="Kites", pk=2)


def make_register() -> Register:
    """Exampleshire with an older code, its capital, England, the region; a rate and a count."""
    return Register(
        areas={
            "X99000001": "X99000001",
            "E99000001": "X99000001",
            "E99000002": "E99000002",
            "E92000001": "E92000001",
            "E12000001": "E12000001",
        },
        area_names={"exampleshire": "X99000001", "exampleton": "E99000002", "england": "E92000001"},
        indicators={
            "kite rate - aged 16-64": KITE_RATE,
            "kite rate": KITE_RATE,
            "kites": KITES,
            "kite-rate": KITE_RATE,
        },
        by_code={"kite-rate": KITE_RATE, "kites": KITES},
    )


@dataclass
class Result:
    """What was read: the reading, and its values in the order of series and periods."""

    reading: Reading
    staged: list[Staged]

    @property
    def shape(self) -> str:
        return self.reading.shape.code if self.reading.shape else ""

    @property
    def values(self) -> list[tuple[str, str, Decimal | None]]:
        """Area, period and value of each."""
        return [(staged.area, staged.label, staged.values["value"]) for staged in self.staged]

    @property
    def errors(self) -> list[str]:
        return [str(problem.code) for problem in self.reading.problems.errors]

    @property
    def warnings(self) -> list[str]:
        return [str(problem.code) for problem in self.reading.problems.warnings]

    @property
    def questions(self) -> list[str]:
        return [str(problem.code) for problem in self.reading.problems.questions]

    def problem(self, code: str) -> Problem:
        """The first problem of a kind."""
        problems = self.reading.problems
        everything = [*problems.errors, *problems.warnings, *problems.questions]
        return next(problem for problem in everything if problem.code == code)


def read(content: str | bytes, **choices: Any) -> Result:
    """Read a file with this content."""
    data = content.encode() if isinstance(content, str) else content
    with Staging() as staging:
        reading = read_file(io.BytesIO(data), staging, make_register(), Choices(**choices))
        return Result(reading, list(staging.rows()))

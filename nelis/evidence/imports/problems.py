"""What is wrong with a file, or worth knowing: each cause once, with its rows and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: So many rows are named of one cause.
ROWS_NAMED = 5
#: So many causes are kept apart; further ones are counted together.
CAUSES_KEPT = 200


class Code(StrEnum):
    """The kinds of problems. Those that begin with W are warnings, those with Q questions for whoever imports."""

    SHAPE = "E01"
    COLUMN = "E02"
    PERIOD = "E03"
    NUMBER = "E04"
    AREA = "E05"
    REGION = "E06"
    DUPLICATE = "E07"
    UNIT = "E08"
    TRUNCATED = "E09"
    TREATMENT = "E10"
    BOUNDS = "E11"
    REVISION = "W12"
    LEFT_OUT = "W13"
    READ_AS = "W14"
    WHICH_INDICATOR = "Q1"
    WHICH_AREA = "Q2"
    WHICH_PERIOD = "Q3"


#: Warnings by the list of the problems, although they are numbered as errors.
WARNINGS = frozenset({Code.REGION, Code.REVISION, Code.LEFT_OUT, Code.READ_AS})
QUESTIONS = frozenset({Code.WHICH_INDICATOR, Code.WHICH_AREA, Code.WHICH_PERIOD})


class RefusedError(Exception):
    """Raised where nothing more of a file can be read: what is wrong, and what to do about it."""

    def __init__(self, code: Code, message: str, hint: str = "", row: int | None = None, column: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.row, self.column = code, message, hint, row, column


@dataclass(slots=True)
class Problem:
    """One cause. ``rows`` are the first lines of the file it is found in, ``count`` how many there are in all."""

    code: Code
    message: str
    hint: str = ""
    column: str = ""
    rows: list[int] = field(default_factory=list)
    count: int = 0
    last_row: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "code": str(self.code),
            "row": self.rows[0] if self.rows else None,
            "rows": self.rows,
            "count": self.count,
            "column": self.column,
            "message": self.message,
            "hint": self.hint,
        }

    @property
    def where(self) -> str:
        """The rows in words: “row 4”, “rows 4, 5, 6 and 20 more”."""
        if not self.rows:
            return ""
        named = ", ".join(str(row) for row in self.rows)
        more = f" and {self.count - len(self.rows):,} more" if self.count > len(self.rows) else ""
        return f"row{'s' if self.count > 1 else ''} {named}{more}"


class Problems:
    """The problems of one file, in the order they were met."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Problem] = {}

    def add(self, code: Code, message: str, hint: str = "", row: int | None = None, column: str = "") -> None:
        """Note a problem; one with the same words counts as the same cause."""
        key = (code, message, column)
        problem = self._found.get(key)
        if problem is None:
            if len(self._found) >= CAUSES_KEPT:
                key = (code, "", "")
                message, column = "More of the same kind, which aren’t listed one by one.", ""
            problem = self._found.setdefault(key, Problem(code, message, hint, column))
        if row is not None and row == problem.last_row:
            return
        problem.count, problem.last_row = problem.count + 1, row
        if row is not None and len(problem.rows) < ROWS_NAMED:
            problem.rows.append(row)

    def refuse(self, error: RefusedError) -> None:
        """Note what made reading stop."""
        self.add(error.code, error.message, error.hint, error.row, error.column)

    def _of(self, wanted: Iterable[Code]) -> list[Problem]:
        codes = frozenset(wanted)
        return [problem for problem in self._found.values() if problem.code in codes]

    @property
    def errors(self) -> list[Problem]:
        """What makes the file be refused."""
        return self._of(frozenset(Code) - WARNINGS - QUESTIONS)

    @property
    def warnings(self) -> list[Problem]:
        """What to think about before approving."""
        return self._of(WARNINGS)

    @property
    def questions(self) -> list[Problem]:
        """What the file doesn’t say and whoever imports it has to."""
        return self._of(QUESTIONS)

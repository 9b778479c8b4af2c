"""What can be wrong with the content files, said so that an editor of them can put it right."""

from dataclasses import dataclass

__all__ = ["ContentError", "ExpectationError", "Problem"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is, and what was expected there."""

    file: str
    entry: str
    field: str
    expected: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                self.entry and f"entry {self.entry}",
                self.field and f"field {self.field}",
            )
            if part
        )
        return f"{place}: expected {self.expected}"


class ExpectationError(Exception):
    """Raised while reading one value; the message ends the sentence “expected …”."""

    def __init__(self, expected: str, field: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.field = field


class ContentError(Exception):
    """The content files have mistakes. Nothing has been changed. ``problems`` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))

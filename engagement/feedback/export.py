"""Answers as files: one row for each answer, or one for each response. Made while they are sent, a chunk at a time.

Nothing personal is in them unless it is asked for. Every cell is inert: what somebody typed is never worked out as a
formula, whatever program opens the file.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import QuerySet

from engagement.feedback.form import STANCES, Form, Item, Rated
from engagement.feedback.models import Answer, FeedbackRound, PropositionResponse, Response
from engagement.feedback.reading import PARTS
from nelis.core.spreadsheets import csv_lines, inert

__all__ = ["PERSONAL", "SHAPES", "Sheet", "as_csv", "as_json", "as_xlsx", "sheet"]

#: So many responses are in memory at once.
CHUNK = 250
#: Longer than any cell of a spreadsheet may be is cut there, and says so; CSV and JSON hold everything.
LONGEST_CELL = 32_700
COMMON = ("reference", "state", "sent", "mode", "people", "session", "form")
PERSONAL = ("capacity", "name", "organisation", "role", "address", "attended", "may_contact", "may_quote")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it, which can be gone through once."""

    header: Sequence[str]
    rows: Iterator[Sequence[Any]]


def sheet(feedback_round: FeedbackRound, shape: str, *, personal: bool = False) -> Sheet:
    """The answers of a round that were sent, in the order they came. ``shape`` is one of SHAPES (raises KeyError)."""
    questions = Questions([one.form for one in feedback_round.forms.all()])
    sent = feedback_round.responses.filter(state__in=Response.SENT)
    return SHAPES[shape](sent, questions, PERSONAL if personal else ())


class Questions:
    """Everything that any version of the form asked, in the words of the newest that has it."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self.items: dict[str, Item] = {}
        self.rated: dict[int, Rated] = {}
        for form in forms:
            self.items |= {item.key: item for item in form.items()}
            self.rated |= {one.proposition: one for one in form.rated()}


@dataclass(frozen=True, slots=True)
class Sent:
    """One response: the cells its rows begin with, what it said of propositions and what it answered, by their keys."""

    begin: list[Any]
    stances: dict[int, dict[str, Any]]
    answers: dict[str, tuple[str, Sequence[str]]]


def in_chunks(sent: QuerySet[Response], personal: Sequence[str]) -> Iterator[Sent]:
    """All responses, a chunk of them in memory at a time. Three queries a chunk.

    Plain values and no model instances: those refer to each other in circles, and pile up until Python looks for such.
    """
    columns: tuple[str, ...] = (
        "pk",
        "reference",
        "state",
        "submitted_at",
        "mode",
        "people",
        "session__title",
        "form__number",
    )
    columns += tuple(f"respondent__{name}" for name in personal)
    after = 0
    while chunk := list(sent.filter(pk__gt=after).order_by("pk").values_list(*columns)[:CHUNK]):
        keys = [row[0] for row in chunk]
        stances: dict[int, dict[int, dict[str, Any]]] = {key: {} for key in keys}
        for one in PropositionResponse.objects.filter(response__in=keys).order_by("pk").values(*STANCE_COLUMNS):
            stances[one["response"]][one["proposition"]] = one
        answers: dict[int, dict[str, tuple[str, Sequence[str]]]] = {key: {} for key in keys}
        given = Answer.objects.filter(response__in=keys).order_by("pk")
        for key, question, text, chosen in given.values_list("response", "question", "text", "chosen"):
            answers[key][str(question)] = (text, chosen)
        for key, *begin in chunk:
            yield Sent(begin, stances[key], answers[key])
        after = keys[-1]


STANCE_COLUMNS = ("response", "proposition", "version__number", "stance", *PARTS)


def by_answer(sent: QuerySet[Response], questions: Questions, personal: Sequence[str]) -> Sheet:
    """One row for each question answered, and for each thing said about a proposition."""
    header = [*COMMON, *personal, "about", "question", "kind", "version", "answer"]

    def rows() -> Iterator[Sequence[Any]]:
        for response in in_chunks(sent, personal):
            for said in _said(response, questions):
                yield [*response.begin, *said]

    return Sheet(header, rows())


def _said(response: Sent, questions: Questions) -> Iterator[tuple[str, str, str, Any, str]]:
    for proposition, stance in response.stances.items():
        rated = questions.rated.get(proposition)
        ref, title = (rated.ref, rated.title) if rated else (f"page {proposition}", "")
        if stance["stance"]:
            yield ref, title, "stance", stance["version__number"], STANCES[stance["stance"]]
        for part in PARTS:
            if stance[part]:
                yield ref, title, part, stance["version__number"], stance[part]
    for key, (text, chosen) in response.answers.items():
        item = questions.items.get(key)
        ref, question, kind = (item.ref, item.text, item.kind) if item else ("", "", "")
        for given in chosen or [text]:
            yield ref, question, kind, "", given


def by_response(sent: QuerySet[Response], questions: Questions, personal: Sequence[str]) -> Sheet:
    """One row for each response, with a column for every question: several choices stand in one cell."""
    header = [*COMMON, *personal]
    for rated in questions.rated.values():
        header += [f"{rated.ref} stance", f"{rated.ref} version", *(f"{rated.ref} {part}" for part in PARTS)]
    header += [f"{item.ref} {item.text}".strip() for item in questions.items.values()]

    def rows() -> Iterator[Sequence[Any]]:
        for response in in_chunks(sent, personal):
            row = list(response.begin)
            for proposition in questions.rated:
                row += _stance_cells(response.stances.get(proposition))
            for key in questions.items:
                text, chosen = response.answers.get(key, ("", ()))
                row.append("; ".join(chosen) or text)
            yield row

    return Sheet(header, rows())


def _stance_cells(stance: dict[str, Any] | None) -> list[Any]:
    if stance is None:
        return [""] * (2 + len(PARTS))
    return [STANCES.get(stance["stance"], ""), stance["version__number"], *(stance[part] for part in PARTS)]


#: The shapes a file can have.
SHAPES: dict[str, Callable[[QuerySet[Response], Questions, Sequence[str]], Sheet]] = {
    "answers": by_answer,
    "responses": by_response,
}


def as_csv(table: Sheet) -> Iterator[str]:
    """The lines of a CSV file."""
    return csv_lines(table.header, table.rows)


def as_json(table: Sheet) -> Iterator[str]:
    """A JSON list of objects, a row at a time. What was typed is there as it was typed: JSON has no formulas."""
    begin = "["
    for row in table.rows:
        values = (value.isoformat() if hasattr(value, "isoformat") else value for value in row)
        yield begin + "\n" + json.dumps(dict(zip(table.header, values, strict=True)), ensure_ascii=False)
        begin = ","
    yield "[]\n" if begin == "[" else "\n]\n"


def as_xlsx(table: Sheet, title: str) -> IO[bytes]:
    """An Excel workbook, in a temporary file that goes when it is closed. Rows are written out one by one."""
    # Takes a while to import, and most processes never need it.
    from xlsxwriter import Workbook

    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with Workbook(file, options) as book:
        page = book.add_worksheet(title[:31])
        for column, name in enumerate(table.header):
            page.write_string(0, column, name)
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                _write(page, number, column, inert(value))
    file.seek(0)
    return file


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, int | float):
        page.write_number(row, column, value)
        return
    text = value if len(value) <= LONGEST_CELL else value[:LONGEST_CELL] + " … (cut: the CSV has all of it)"
    page.write_string(row, column, text)

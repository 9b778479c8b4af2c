"""Answers as files: one row for each answer, or one for each response. Made while they are sent, a chunk at a time.

Nothing personal is in them unless it is asked for. Every cell is inert: what somebody typed is never worked out as a
formula, whatever program opens the file.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from engagement.feedback.analysis.code_frame import code_tree
from engagement.feedback.analysis.form_history import FormHistory, Statement
from engagement.feedback.models import (
    Adjudication,
    Answer,
    Coding,
    FeedbackRound,
    PropositionResponse,
    Redaction,
    Response,
)
from engagement.feedback.responses.parsing import AnswerData, StanceData
from engagement.feedback.responses.saved_response import SavedResponse
from engagement.feedback.responses.text_anchors import RedactedSpan, apply_redactions, part_anchor
from engagement.feedback.schema import COMMENT_PARTS, STANCES, proposition_key
from nelis.core.csv_export import csv_lines, safe_cell

#: So many responses are in memory at once.
CHUNK_SIZE = 250
#: Longer than any cell of a spreadsheet may be is cut there, and says so; CSV and JSON hold everything.
MAX_CELL_LENGTH = 32_700
#: A page of a workbook takes 1,048,576 rows. What is beyond goes to another one.
ROWS_PER_WORKSHEET = 1_000_000
#: The first columns of each row, and the fields they show, in the same order.
COMMON_COLUMNS = ("reference", "state", "sent", "mode", "people", "session", "form", "duplicate_of")
LEADING_FIELDS = (
    *("reference", "state", "submitted_at", "mode", "people", "session__title", "form__number"),
    "duplicate_of__reference",
)
PERSONAL_COLUMNS = (
    *("capacity", "name", "organisation", "role", "address", "sector", "area"),
    *("attended", "may_contact", "may_quote"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and the rows below it, which can be gone through once."""

    header: Sequence[str]
    rows: Iterator[Sequence[Any]]


def build_sheet(
    round_: FeedbackRound, shape: str, *, personal: bool = False, full: bool = False, codes: bool = True
) -> Sheet:
    """The answers of a round that were sent, in the order they came. ``shape`` is one of SHAPES (raises KeyError).

    ``personal`` adds who answered; ``full`` leaves in what is blacked out; without ``codes`` there is no such column.
    """
    sending = ResponseReader(round_, PERSONAL_COLUMNS if personal else (), full, codes)
    return SHAPES[shape](sending, FormHistory.of(round_))


@dataclass(frozen=True, slots=True)
class ExportedResponse:
    """One response: the cells that its rows begin with, its codes, its codes by anchor, and what it says."""

    leading: list[Any]
    codes: str
    codes_at: dict[str, str]
    saved: SavedResponse


class ResponseReader:
    """All responses of a round, a chunk of them in memory at a time. Three queries a chunk; five, if there are codes.

    Plain values and no model instances: those refer to each other in circles, and pile up until Python looks for such.
    """

    def __init__(self, round_: FeedbackRound, personal: Sequence[str], full: bool, codes: bool) -> None:
        self.sent = round_.responses.filter(state__in=Response.SENT)
        self.personal, self.full = personal, full
        self.paths = {branch.code.pk: branch.path for branch in code_tree(round_)} if codes else {}
        #: The name of the column with codes, if there is one.
        self.codes = ("codes",) if codes else ()
        self.is_redacted = not full and Redaction.objects.filter(response__round=round_).exists()

    def __iter__(self) -> Iterator[ExportedResponse]:
        columns = ("pk", *LEADING_FIELDS, *(f"respondent__{name}" for name in self.personal))
        after = 0
        while chunk := list(self.sent.filter(pk__gt=after).order_by("pk").values_list(*columns)[:CHUNK_SIZE]):
            keys = [row[0] for row in chunk]
            yield from self._chunk(chunk, keys)
            after = keys[-1]

    def _chunk(self, chunk: list[Any], keys: list[int]) -> Iterator[ExportedResponse]:
        redactions = self._redactions(keys)
        saved = {key: SavedResponse() for key in keys}
        stances = PropositionResponse.objects.filter(response__in=keys).order_by("pk")
        for response, proposition, number, stance, *texts in stances.values_list(*STANCE_COLUMNS):
            key, parts = proposition_key(proposition), {}
            for part, text in zip(COMMENT_PARTS, texts, strict=True):
                parts[part] = apply_redactions(text, redactions.get((response, part_anchor(proposition, part)), ()))
            saved[response].stances[key], saved[response].numbers[key] = StanceData(stance, parts), number
        answers = Answer.objects.filter(response__in=keys).order_by("pk")
        for response, question, text, chosen in answers.values_list("response", "question", "text", "chosen"):
            text = apply_redactions(text, redactions.get((response, str(question)), ()))
            saved[response].answers[str(question)] = AnswerData(text, tuple(chosen))
        codes, codes_at = self._codes(keys)
        for key, *leading in chunk:
            yield ExportedResponse(leading, codes.get(key, ""), codes_at.get(key, {}), saved[key])

    def _redactions(self, keys: list[int]) -> dict[tuple[int, str], list[RedactedSpan]]:
        """What is redacted, by response and anchor."""
        found: dict[tuple[int, str], list[RedactedSpan]] = {}
        if self.is_redacted:
            rows = Redaction.objects.filter(response__in=keys).values_list("response", "anchor", "start", "end")
            for response, anchor, start, end in rows:
                found.setdefault((response, anchor), []).append(RedactedSpan(start, end))
        return found

    def _codes(self, keys: list[int]) -> tuple[dict[int, str], dict[int, dict[str, str]]]:
        """The codes of responses, and of their anchors: what any coder gave, unless it was adjudicated otherwise."""
        if not self.paths:
            return {}, {}
        rows = Adjudication.objects.filter(response__in=keys).values_list("response", "code", "applies")
        applies = {(response, code): does_apply for response, code, does_apply in rows}
        by_anchor: dict[int, dict[str, set[str]]] = {}
        codings = Coding.objects.filter(response__in=keys).values_list("response", "anchor", "code")
        for response, anchor, code in codings:
            if applies.get((response, code), True):
                by_anchor.setdefault(response, {}).setdefault(anchor, set()).add(self.paths[code])
        return (
            {response: "; ".join(sorted(set().union(*codes.values()))) for response, codes in by_anchor.items()},
            {
                response: {anchor: "; ".join(sorted(paths)) for anchor, paths in codes.items()}
                for response, codes in by_anchor.items()
            },
        )


STANCE_COLUMNS = ("response", "proposition", "version__number", "stance", *COMMENT_PARTS)


def rows_by_answer(reader: ResponseReader, history: FormHistory) -> Sheet:
    """One row for each question answered, and for each thing said about a proposition."""
    header = [*COMMON_COLUMNS, *reader.personal, "about", "question", "kind", "version", "answer", *reader.codes]

    def rows() -> Iterator[Sequence[Any]]:
        for response in reader:
            for statement in history.statements(response.saved):
                codes = [response.codes_at.get(statement.anchor, "")] if reader.codes else []
                for text in statement.texts:
                    yield [*response.leading, *_about(statement), statement.kind, statement.version or "", text, *codes]

    return Sheet(header, rows())


def _about(statement: Statement) -> tuple[str, str]:
    if statement.proposition:
        return statement.proposition.ref, statement.proposition.title
    if statement.question:
        return statement.question.ref, statement.question.text
    return f"page {statement.proposition_id}" if statement.proposition_id else "", ""


def rows_by_response(reader: ResponseReader, history: FormHistory) -> Sheet:
    """One row for each response, with a column for every question: several choices stand in one cell."""
    header = [*COMMON_COLUMNS, *reader.personal, *reader.codes]
    for rated in history.propositions.values():
        header += [f"{rated.ref} stance", f"{rated.ref} version", *(f"{rated.ref} {part}" for part in COMMENT_PARTS)]
    header += [f"{question.ref} {question.text}".strip() for question in history.questions.values()]

    def rows() -> Iterator[Sequence[Any]]:
        for response in reader:
            saved = response.saved
            row = [*response.leading, *(response.codes for _ in reader.codes)]
            for rated in history.propositions.values():
                given = saved.stances.get(rated.key, StanceData())
                row += [STANCES.get(given.stance, ""), saved.numbers.get(rated.key, "")]
                row += [given.parts.get(part, "") for part in COMMENT_PARTS]
            answers = [saved.answers.get(key, AnswerData()) for key in history.questions]
            yield [*row, *("; ".join(answer.chosen) or answer.text for answer in answers)]

    return Sheet(_apart(header), rows())


def _apart(header: Sequence[str]) -> list[str]:
    """Names of columns of which no two are the same: two questions may have the same words."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


#: The shapes a file can have.
SHAPES: dict[str, Callable[[ResponseReader, FormHistory], Sheet]] = {
    "answers": rows_by_answer,
    "responses": rows_by_response,
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
        page, below = None, ROWS_PER_WORKSHEET
        pages = 0
        for row in table.rows:
            if below >= ROWS_PER_WORKSHEET:
                pages += 1
                page, below = _begin(book, table.header, f"{title[:26]} {pages}" if pages > 1 else title[:31]), 0
            below += 1
            for column, value in enumerate(row):
                _write(page, below, column, safe_cell(value))
        if page is None:
            _begin(book, table.header, title[:31])
    file.seek(0)
    return file


def _begin(book: Any, header: Sequence[str], title: str) -> Any:
    """A new page of a workbook, with its header."""
    page = book.add_worksheet(title)
    for column, name in enumerate(header):
        page.write_string(0, column, safe_cell(name))
    return page


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if value == "":
        return
    if isinstance(value, int | float):
        page.write_number(row, column, value)
        return
    text = value if len(value) <= MAX_CELL_LENGTH else value[:MAX_CELL_LENGTH] + " … (cut: the CSV has all of it)"
    page.write_string(row, column, text)

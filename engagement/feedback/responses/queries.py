"""What every page of answering looks for first: the round that its address is about, and what is kept under its key.

A room full of people asks for it thousands of times a minute, and putting a statement together takes ten times as long
as the database takes to answer it: so these are written out.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.http import Http404

from engagement.feedback.models import (
    Answer,
    FeedbackRound,
    FormVersion,
    PropositionResponse,
    Respondent,
    Response,
    RoundSession,
)

__all__ = [
    "answers_of",
    "find_respondent",
    "find_response",
    "find_round",
    "find_round_of_session",
    "find_session",
    "newest_form_of",
    "stances_of",
]

Row = TypeVar("Row", bound=Model)

WITH_FORM = """
    SELECT {}, form.id, form.number, form.content_hash
    FROM feedback_feedbackround LEFT JOIN feedback_formversion form ON form.round_id = feedback_feedbackround.id
    WHERE feedback_feedbackround.{} = %s AND feedback_feedbackround.state <> 'draft'
    ORDER BY form.number DESC LIMIT 1
"""
WITH_STATE = """
    SELECT {}, asked.state
    FROM feedback_response JOIN feedback_feedbackround asked ON asked.id = feedback_response.round_id
    WHERE feedback_response.client_key = %s
"""


def _rows(model: type[Row], where: str, value: Any) -> list[Row]:
    columns, _, _ = _read_as(model, connection.vendor)
    return _read(model, f"SELECT {columns} FROM {model._meta.db_table} WHERE {where}", value)  # noqa: S608 - names only


def _first(model: type[Row], where: str, value: Any) -> Row | None:
    return next(iter(_rows(model, where, value)), None)


def _read(model: type[Row], statement: str, value: Any, more: Sequence[str] = ()) -> list[Row]:
    """The rows of a statement that asks for the columns of a model, and then for those that are named in ``more``."""
    _, names, converters = _read_as(model, connection.vendor)
    found = []
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        for given in cursor.fetchall():
            values = list(given)
            for place, convert, column in converters:
                values[place] = convert(values[place], column, connection)
            row = model.from_db(connection.alias, names, values[: len(names)])
            for name, extra in zip(more, values[len(names) :], strict=True):
                setattr(row, name, extra)
            found.append(row)
    return found


@lru_cache
def _read_as(model: type[Model], vendor: str) -> tuple[str, list[str], list[tuple[int, Any, Any]]]:
    """The columns of a model, the names of its fields, and what makes Python's values of those that a database gives
    in its own: place, by what, and the column. It is the same for every row, and takes longer than reading one.
    """
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = [field.get_col(table) for field in fields]
    converters = [
        (place, convert, column)
        for place, column in enumerate(columns)
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    ]
    selected = ", ".join(f"{table}.{field.column}" for field in fields)
    return selected, [field.attname for field in fields], converters


def find_round(slug: str) -> FeedbackRound:
    """The public round at that address, with its newest form for ``current_form``. One query. Raises Http404."""
    found = _public_round("slug", slug)
    if found is None:
        raise Http404("no such round")
    return found


def find_round_of_session(session: RoundSession) -> FeedbackRound | None:
    """The public round that a session is part of, like ``find_round``; None while staff are building it. One query."""
    return _public_round("id", session.round_id)


def _public_round(by: str, value: Any) -> FeedbackRound | None:
    columns, _, _ = _read_as(FeedbackRound, connection.vendor)
    statement = WITH_FORM.format(columns, by)
    return next(iter(_read(FeedbackRound, statement, value, ("form_id", "form_number", "form_hash"))), None)


def newest_form_of(asked: Any) -> FormVersion | None:
    """The newest version of the form of a round that was found here; None before it was first opened. No query."""
    if asked.form_id is None:
        return None
    # What it asks is read when it is asked for, once in a process. The values are in the order of the columns.
    columns = ["id", "round_id", "number", "content_hash"]
    form = FormVersion.from_db(None, columns, [asked.form_id, asked.pk, asked.form_number, asked.form_hash])
    form.round = asked
    return form


def find_session(code: str, asked: FeedbackRound | None = None) -> RoundSession | None:
    """The session with that code, as ``keys.read_code`` gives it; if ``asked`` is given, of that round. One query."""
    found = _first(RoundSession, "code = %s", code) if code else None
    return found if found and (asked is None or found.round_id == asked.pk) else None


def find_response(client_key: str, *, lock: bool = False) -> Response | None:
    """The response of that key; with ``lock``, nobody else's to change until the caller's transaction ends. A query.

    It comes with the state that its round has at that moment, as ``round_state``.
    """
    columns, _, _ = _read_as(Response, connection.vendor)
    # Where there is no such lock, as in SQLite, a transaction has the whole database to itself.
    locks = lock and connection.features.has_select_for_update
    statement = WITH_STATE.format(columns) + ("FOR UPDATE OF feedback_response" if locks else "")
    return next(iter(_read(Response, statement, client_key, ("round_state",))), None)


def find_respondent(response: Response | None) -> Respondent | None:
    """Who gave it, if they said anything about themselves. One query."""
    return _first(Respondent, "response_id = %s", response.pk) if response else None


def answers_of(response: Response) -> list[Answer]:
    """The answers to its questions. One query."""
    return _rows(Answer, "response_id = %s", response.pk)


def stances_of(response: Response) -> list[PropositionResponse]:
    """What it says about propositions. One query."""
    return _rows(PropositionResponse, "response_id = %s", response.pk)

"""What every page of answering looks for first: the round that its address is about, and what is kept under its key.

A room full of people asks for it thousands of times a minute, and putting a statement together takes ten times as long
as the database takes to answer it: so these are written out.
"""

from typing import Any

from django.db import connection
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

__all__ = ["answers_of", "current_form", "find_respondent", "find_response", "find_round", "find_session", "stances_of"]

ROUND = """
    SELECT round.*, form.id AS form_id, form.number AS form_number, form.content_hash AS form_hash
    FROM feedback_feedbackround round LEFT JOIN feedback_formversion form ON form.round_id = round.id
    WHERE round.slug = %s AND round.state <> 'draft' ORDER BY form.number DESC LIMIT 1
"""
SESSION = "SELECT * FROM feedback_roundsession WHERE code = %s"
RESPONSE = "SELECT * FROM feedback_response WHERE client_key = %s"
RESPONDENT = "SELECT * FROM feedback_respondent WHERE response_id = %s"
ANSWERS = "SELECT * FROM feedback_answer WHERE response_id = %s"
STANCES = "SELECT * FROM feedback_propositionresponse WHERE response_id = %s"


def find_round(slug: str) -> FeedbackRound:
    """The public round at that address, with its newest form for ``current_form``. One query. Raises Http404."""
    for found in FeedbackRound.objects.raw(ROUND, [slug]):
        return found
    raise Http404("no such round")


def current_form(asked: Any) -> FormVersion:
    """The newest version of the form of a round that was found by its address. No query. Raises Http404 without any."""
    if asked.form_id is None:
        raise Http404("no form")
    # What it asks is read when it is asked for, once in a process. The values are in the order of the columns.
    columns = ["id", "round_id", "number", "content_hash"]
    form = FormVersion.from_db(None, columns, [asked.form_id, asked.pk, asked.form_number, asked.form_hash])
    form.round = asked
    return form


def find_session(code: str, asked: FeedbackRound | None = None) -> RoundSession | None:
    """The session with that code, as ``keys.read_code`` gives it; if ``asked`` is given, of that round. One query."""
    found = next(iter(RoundSession.objects.raw(SESSION, [code])), None) if code else None
    return found if found and (asked is None or found.round_id == asked.pk) else None


def find_response(client_key: str, *, lock: bool = False) -> Response | None:
    """The response of that key; with ``lock``, nobody else's to change until the caller's transaction ends. A query."""
    # Where there is no such lock, as in SQLite, a transaction has the whole database to itself.
    locks = lock and connection.features.has_select_for_update
    return next(iter(Response.objects.raw(RESPONSE + (" FOR UPDATE" if locks else ""), [client_key])), None)


def find_respondent(response: Response | None) -> Respondent | None:
    """Who gave it, if they said anything about themselves. One query."""
    return next(iter(Respondent.objects.raw(RESPONDENT, [response.pk])), None) if response else None


def answers_of(response: Response) -> list[Answer]:
    """The answers to its questions. One query."""
    return list(Answer.objects.raw(ANSWERS, [response.pk]))


def stances_of(response: Response) -> list[PropositionResponse]:
    """What it says about propositions. One query."""
    return list(PropositionResponse.objects.raw(STANCES, [response.pk]))

"""The round that an address is about, with what it asks: the first query of every page of answering.

A room full of people asks it thousands of times a minute, and putting the statement together would take ten times as
long as the database does: so it is written out.
"""

from typing import Any

from django.http import Http404

from engagement.feedback.models import FeedbackRound, FormVersion

__all__ = ["current_form", "find_round"]

FIND = """
    SELECT round.*, form.id AS form_id, form.number AS form_number, form.content_hash AS form_hash
    FROM feedback_feedbackround round LEFT JOIN feedback_formversion form ON form.round_id = round.id
    WHERE round.slug = %s AND round.state <> 'draft' ORDER BY form.number DESC LIMIT 1
"""


def find_round(slug: str) -> FeedbackRound:
    """The public round at that address, with its newest form for ``current_form``. One query. Raises Http404."""
    for found in FeedbackRound.objects.raw(FIND, [slug]):
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

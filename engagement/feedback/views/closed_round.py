"""What somebody sees who comes too late: what they sent or kept, and what they just typed, so that nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import FeedbackRound, Respondent, Response
from engagement.feedback.responses import submissions
from engagement.feedback.responses.forms import RespondentForm
from engagement.feedback.responses.keys import is_valid_key
from engagement.feedback.responses.parsing import clean_text
from engagement.feedback.responses.presenters import AnswerSummary, summarise_page
from engagement.feedback.responses.queries import find_respondent
from engagement.feedback.responses.submissions import SavedResponse
from engagement.feedback.views.navigation import response_url

__all__ = ["closed_response", "summarise_respondent"]


def closed_response(
    request: HttpRequest, asked: FeedbackRound, key: str, typed: Iterable[AnswerSummary] = ()
) -> HttpResponse:
    """The round takes no answers now. Shows what was just typed, and to whoever has the key what is kept under it."""
    kept = submissions.load_saved_response(key) if is_valid_key(key) else SavedResponse(None, {}, {})
    response = kept.response if kept.response and kept.response.round_id == asked.pk else None
    is_there = response is not None and response.state != Response.State.WITHDRAWN
    context = {
        "round": asked,
        "typed": [one for one in typed if one.lines],
        "response": response,
        "kept": _kept(asked, kept) if is_there else [],
        "receipt": response_url("receipt", asked, key) if is_there and response and response.reference else "",
        "withdraw": response_url("withdraw", asked, key) if is_there else "",
    }
    return render(request, "feedback/closed.html", context, status=410)


def _kept(asked: FeedbackRound, kept: SavedResponse) -> list[AnswerSummary]:
    form = FormHistory.of(asked).form
    lines = [one for page in form.pages for one in summarise_page(page, kept.answers, kept.stances)]
    person = find_respondent(kept.response)
    about = summarise_respondent({name: getattr(person, name) for name in RespondentForm.base_fields}) if person else []
    return [one for one in (*lines, *about) if one.lines]


def summarise_respondent(values: Mapping[str, Any]) -> list[AnswerSummary]:
    """What somebody says about themselves, in words; ``values`` are by the names of the form's fields."""
    return [
        AnswerSummary("", str(field.label), (_in_words(values[name]),))
        for name, field in RespondentForm.base_fields.items()
        if values.get(name) or (name == "attended" and values.get(name) is False)
    ]


def _in_words(value: Any) -> str:
    if value in (True, "on", "True"):
        return "Yes"
    if value in (False, "False"):
        return "No"
    return str(dict(Respondent.Capacity.choices).get(value, clean_text(str(value))))

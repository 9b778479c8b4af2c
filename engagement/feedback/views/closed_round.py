"""The page for whoever comes too late: what they sent or saved, and what they just typed, so that nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.models import Respondent, Response
from engagement.feedback.responses.forms import RespondentForm
from engagement.feedback.responses.parsing import clean_text
from engagement.feedback.responses.presenters import AnswerSummary, summarise_page
from engagement.feedback.responses.saved_response import SavedResponse, load_saved_response
from engagement.feedback.views.answer_request import AnswerRequest
from engagement.feedback.views.navigation import response_url

__all__ = ["closed_response", "summarise_respondent"]


def closed_response(answer: AnswerRequest, typed: Iterable[AnswerSummary] = ()) -> HttpResponse:
    """Say that no answers are taken now, with what was just typed, and what is saved under the key."""
    round_, key = answer.round_, answer.key
    saved = load_saved_response(key) if answer.has_valid_key else SavedResponse()
    response = saved.response if saved.response and saved.response.round_id == round_.pk else None
    context = {
        "round": round_,
        "typed": [summary for summary in typed if summary.lines],
        "response": response,
        "draft": f"{round_.slug}:{key}:",
    }
    if response is not None and response.state != Response.State.WITHDRAWN:
        pages = FormHistory.of(round_).form.pages
        summaries = [summary for page in pages for summary in summarise_page(page, saved.answers, saved.stances)]
        if respondent := getattr(response, "respondent", None):
            summaries += summarise_respondent({name: getattr(respondent, name) for name in RespondentForm.base_fields})
        context["saved"] = [summary for summary in summaries if summary.lines]
        context["receipt"] = response_url("receipt", round_, key) if response.reference else ""
        context["withdraw"] = response_url("withdraw", round_, key)
    return render(answer.request, "feedback/closed.html", context, status=410)


def summarise_respondent(values: Mapping[str, Any]) -> list[AnswerSummary]:
    """What somebody says about themselves; ``values`` are by the names of the form’s fields."""
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

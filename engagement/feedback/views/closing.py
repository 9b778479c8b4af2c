"""What somebody sees who comes too late: what they sent or kept, and what they just typed, so that nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from engagement.feedback import answering
from engagement.feedback.answering import Kept
from engagement.feedback.finding import find_respondent
from engagement.feedback.forms import RespondentForm
from engagement.feedback.keys import is_genuine
from engagement.feedback.models import FeedbackRound, Respondent, Response
from engagement.feedback.reading import clean_text
from engagement.feedback.reporting.tables import whole_form
from engagement.feedback.show import Summary, summary
from engagement.feedback.views.ways import address

__all__ = ["closed", "said"]


def closed(request: HttpRequest, asked: FeedbackRound, key: str, typed: Iterable[Summary] = ()) -> HttpResponse:
    """The round takes no answers now. Shows what was just typed, and to whoever has the key what is kept under it."""
    kept = answering.kept(key) if is_genuine(key) else Kept(None, {}, {})
    response = kept.response if kept.response and kept.response.round_id == asked.pk else None
    is_there = response is not None and response.state != Response.State.WITHDRAWN
    context = {
        "round": asked,
        "typed": [one for one in typed if one.lines],
        "response": response,
        "kept": _kept(asked, kept) if is_there else [],
        "receipt": address("receipt", asked, key) if is_there and response and response.reference else "",
        "withdraw": address("withdraw", asked, key) if is_there else "",
    }
    return render(request, "feedback/closed.html", context, status=410)


def _kept(asked: FeedbackRound, kept: Kept) -> list[Summary]:
    form = whole_form([one.form for one in asked.forms.order_by("number")])
    lines = [one for page in form.pages for one in summary(page, kept.answers, kept.stances)]
    person = find_respondent(kept.response)
    about = said({name: getattr(person, name) for name in RespondentForm.base_fields}) if person else []
    return [one for one in (*lines, *about) if one.lines]


def said(values: Mapping[str, Any]) -> list[Summary]:
    """What somebody says about themselves, in words; ``values`` are by the names of the form's fields."""
    return [
        Summary("", str(field.label), (_in_words(values[name]),))
        for name, field in RespondentForm.base_fields.items()
        if values.get(name) or (name == "attended" and values.get(name) is False)
    ]


def _in_words(value: Any) -> str:
    if value in (True, "on", "True"):
        return "Yes"
    if value in (False, "False"):
        return "No"
    return str(dict(Respondent.Capacity.choices).get(value, clean_text(str(value))))

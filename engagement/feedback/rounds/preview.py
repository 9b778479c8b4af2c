"""A round as it will look, while it is being built."""

from typing import Any

from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.presenters import proposition_controls, question_controls
from engagement.feedback.rounds.opening import build_schema
from engagement.feedback.schema import FormSchema

__all__ = ["preview_context"]


def preview_context(feedback_round: FeedbackRound, mode: str) -> dict[str, Any]:
    """What the template of a preview takes: of the round's own page, or of a page of its form."""
    form = build_schema(feedback_round)
    if not mode.startswith("step-"):
        return {"round": feedback_round, "form": form, "open": True, "begin": "#"}
    return _step(feedback_round, form, int(mode.removeprefix("step-")))


def _step(feedback_round: FeedbackRound, form: FormSchema, step: int) -> dict[str, Any]:
    page = form.pages[min(step, len(form.pages)) - 1]
    return {
        "round": feedback_round,
        "form": {"number": 0},
        "page_of_form": page,
        "step": step,
        "steps": len(form.pages) + 2,
        "rated": proposition_controls(page, {}, {}),
        "controls": question_controls(page, {}, {}),
    }

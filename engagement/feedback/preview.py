"""A round as it will look, while it is being built."""

from typing import Any

from engagement.feedback.form import Form
from engagement.feedback.models import FeedbackRound
from engagement.feedback.opening import form_of
from engagement.feedback.show import controls, rated_controls

__all__ = ["context"]


def context(feedback_round: FeedbackRound, mode: str) -> dict[str, Any]:
    """What the template of a preview takes: of the round's own page, or of a page of its form."""
    form = form_of(feedback_round)
    if not mode.startswith("step-"):
        return {"round": feedback_round, "form": form, "open": True, "begin": "#"}
    return _step(feedback_round, form, int(mode.removeprefix("step-")))


def _step(feedback_round: FeedbackRound, form: Form, step: int) -> dict[str, Any]:
    page = form.pages[min(step, len(form.pages)) - 1]
    return {
        "round": feedback_round,
        "form": {"number": 0},
        "page_of_form": page,
        "step": step,
        "steps": len(form.pages) + 2,
        "rated": rated_controls(page, {}, {}),
        "controls": controls(page, {}, {}),
    }

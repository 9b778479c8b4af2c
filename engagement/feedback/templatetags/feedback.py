"""Tags of feedback: what rounds have to do with a proposition and with its versions."""

from typing import Any
from uuid import UUID

from django import template

from engagement.feedback.models import FeedbackRound, Outcome
from engagement.feedback.reporting.outcomes import outcomes_for_proposition
from engagement.feedback.reporting.proposition_feedback import feedback_on_proposition, reported_rounds
from nelis.core.navigation import site_menus_for

register = template.Library()

#: The rounds that were reported back, for the content they were asked for at.
_known: dict[UUID, list[FeedbackRound]] = {}


@register.inclusion_tag("feedback/proposition_feedback.html", takes_context=True)
def proposition_feedback(context: template.Context, page: Any) -> dict[str, Any]:
    """A section on what was said of the proposition ``page`` and what came of it; nothing where nothing was."""
    return {"page": page, "beside": feedback_on_proposition(page, _rounds(context))}


@register.simple_tag(takes_context=True)
def proposition_outcomes(context: template.Context, page: Any) -> list[Outcome]:
    """Published responses that have to do with ``page``, for the filters below. One query; none without a round."""
    return list(outcomes_for_proposition(page.pk)) if _rounds(context) else []


@register.filter
def of_version(outcomes: list[Outcome], version: Any) -> list[Outcome]:
    """Those that ``version`` came of."""
    return [outcome for outcome in outcomes if outcome.version_id == version.pk]


@register.filter
def after_version(outcomes: list[Outcome], version: Any) -> list[Outcome]:
    """Those that led to a version later than ``version``."""
    return [outcome for outcome in outcomes if outcome.version and outcome.version.number > version.number]


@register.filter
def up_to_version(outcomes: list[Outcome], version: Any) -> list[Outcome]:
    """Those that led to ``version`` or one before it."""
    return [outcome for outcome in outcomes if outcome.version and outcome.version.number <= version.number]


def _rounds(context: template.Context) -> list[FeedbackRound]:
    request = context.get("request")
    stamp = site_menus_for(request).stamp if request else None
    if stamp is None:
        return reported_rounds()
    if stamp not in _known:
        found = reported_rounds()
        _known.clear()
        _known[stamp] = found
    return _known.get(stamp, [])

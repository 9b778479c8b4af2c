"""What came of a round, for everybody: figures, themes, official responses and selected words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from engagement.feedback.models import FeedbackRound, Quotation
from engagement.feedback.reporting.outcomes import responses_by_theme
from engagement.feedback.reporting.presenters import page_results
from engagement.feedback.reporting.published_figures import published_figures
from engagement.feedback.reporting.quotations import published_quotations, quotable, quoted_texts

__all__ = ["get_reported_round", "results", "results_context"]


def get_reported_round(slug: str) -> FeedbackRound:
    """The round of that name, once it is reported back. Raises Http404 for others."""
    return get_object_or_404(FeedbackRound, slug=slug, state=FeedbackRound.State.REPORTED)


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The results page. Kept like any page of content: whatever changes it raises the number of the content."""
    return render(request, "feedback/results.html", results_context(get_reported_round(slug)))


def results_context(asked: FeedbackRound, *, drafts: bool = False) -> dict[str, Any]:
    """What the template takes; with ``drafts``, also what isn't published yet. A fixed number of queries."""
    if drafts:
        quotations = quotable(Quotation.objects.filter(response__round=asked))
    else:
        quotations = published_quotations().filter(response__round=asked)
    words = quoted_texts(quotations)
    outcomes = responses_by_theme(asked, drafts=drafts)
    shown = {one.theme.key for one in outcomes if one.theme}
    by_theme: dict[int | None, list[Any]] = {}
    for one in words:
        by_theme.setdefault(one.theme if one.theme in shown else None, []).append(one)
    figures = published_figures(asked)
    return {
        "round": asked,
        "figures": figures,
        "parts": page_results(figures),
        "outcomes": [(one, by_theme.get(one.theme.key, []) if one.theme else []) for one in outcomes],
        "other_words": by_theme.get(None, []),
        "is_draft": drafts,
    }

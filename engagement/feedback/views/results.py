"""What came of a round: the results page, the open data, and the look-up of what came of one's own answers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from engagement.feedback.analysis.export import as_json
from engagement.feedback.models import FeedbackRound, Quotation, Response
from engagement.feedback.reporting import reference_lookup
from engagement.feedback.reporting.editions import published_figures
from engagement.feedback.reporting.open_data import COLUMNS, codebook_questions, open_data_files
from engagement.feedback.reporting.outcomes import responses_by_theme, themes_for_response
from engagement.feedback.reporting.presenters import page_results
from engagement.feedback.reporting.published_figures import count_figures
from engagement.feedback.reporting.quotations import published_quotations, quotable, quoted_texts
from engagement.feedback.rounds.course import round_course
from nelis.core.csv_export import csv_response
from nelis.core.views.decorators import private_page

__all__ = ["open_data", "open_data_file", "outcome_lookup", "results", "results_context"]

WRONG_REFERENCE = "No answers to this round were sent under that reference"


def get_reported_round(slug: str) -> FeedbackRound:
    """The round with that slug, once it is reported back. Raises Http404 for others."""
    return get_object_or_404(FeedbackRound, slug=slug, state=FeedbackRound.State.REPORTED)


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The results page. Cached like any page of content: whatever changes it raises the number of the content."""
    return render(request, "feedback/results.html", results_context(get_reported_round(slug)))


def results_context(round_: FeedbackRound, *, drafts: bool = False) -> dict[str, Any]:
    """The context of the results page; with ``drafts``, with what isn't published yet. A fixed number of queries."""
    if drafts:
        quotations = quotable(Quotation.objects.filter(response__round=round_))
    else:
        quotations = published_quotations().filter(response__round=round_)
    outcomes = responses_by_theme(round_, drafts=drafts)
    themes = {outcome.theme.key for outcome in outcomes if outcome.theme}
    texts_by_theme: dict[int | None, list[Any]] = {}
    for text in quoted_texts(quotations):
        texts_by_theme.setdefault(text.theme if text.theme in themes else None, []).append(text)
    figures = count_figures(round_) if drafts else published_figures(round_)
    parts = page_results(figures)
    supports = [] if figures.people.is_empty else [part for part in parts if part.support]
    return {
        "round": round_,
        "course": round_course(round_, was_open=True),
        "figures": figures,
        "parts": parts,
        "has_support": bool(supports),
        "has_several_supports": len(supports) > 1,
        "outcomes": [
            (outcome, texts_by_theme.get(outcome.theme.key, []) if outcome.theme else []) for outcome in outcomes
        ],
        "other_words": texts_by_theme.get(None, []),
        "is_draft": drafts,
    }


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def outcome_lookup(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a reference, and show the themes its answers belong to and what was done about them.

    Never shows the answers: a reference is written down and read out. Every reference that isn't one, was withdrawn or
    belongs to another round gets the same answer.
    """
    template = "feedback/outcome_lookup.html"
    round_ = get_object_or_404(FeedbackRound.objects.public(), slug=slug)
    context: dict[str, Any] = {"round": round_, "is_reported": round_.state == FeedbackRound.State.REPORTED}
    if request.method != "POST" or not context["is_reported"]:
        return render(request, template, context)
    typed = request.POST.get("reference", "")
    context["typed"] = typed[:40]
    if reference_lookup.is_rate_limited(request):
        return render(request, template, context | {"is_limited": True}, status=429)
    response = reference_lookup.find_by_reference(round_, typed)
    if response is None:
        if typed.strip():
            reference_lookup.record_wrong_reference(request)
        context["errors"] = [("reference", WRONG_REFERENCE if typed.strip() else "Enter your reference")]
        return render(request, template, context, status=422)
    return render(request, "feedback/outcome_detail.html", context | _own_outcomes(round_, response))


def _own_outcomes(round_: FeedbackRound, response: Response) -> dict[str, Any]:
    theme_keys = themes_for_response(response)
    outcomes = responses_by_theme(round_)
    # A response to two themes may stand with one that isn't theirs.
    own = [
        (outcome.theme, (*outcome.responses, *outcome.repeated))
        for outcome in outcomes
        if outcome.theme and outcome.theme.pk in theme_keys
    ]
    return {"response": response, "outcomes": own, "others": len(outcomes) > len(own)}


@require_safe
def open_data(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the open data: the files, what their columns mean, what was asked, and what is hidden."""
    round_ = get_reported_round(slug)
    book = [(name, COLUMNS[name]) for name in open_data_files(round_)]
    context = {"round": round_, "book": book, "questions": codebook_questions(round_)}
    return render(request, "feedback/open_data.html", context)


@require_safe
def open_data_file(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponseBase:
    """One of the files, as CSV or JSON."""
    round_ = get_reported_round(slug)
    build = open_data_files(round_).get(name)
    if build is None or kind not in ("csv", "json"):
        raise Http404("There is no such file.")
    sheet, filename = build(round_), f"{round_.slug}-{name}.{kind}"
    if kind == "csv":
        return csv_response(filename, sheet.header, sheet.rows)
    response = StreamingHttpResponse(as_json(sheet), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response

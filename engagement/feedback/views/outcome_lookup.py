"""What came of one person's own answers, for whoever has the reference on their receipt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from engagement.feedback.models import FeedbackRound, Response
from engagement.feedback.reporting import reference_lookup
from engagement.feedback.reporting.outcomes import responses_by_theme, themes_for_response
from nelis.core.views.decorators import private_page

__all__ = ["outcome_lookup"]

WRONG_REFERENCE = "No answers to this round were sent under that reference"


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def outcome_lookup(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for a reference, and shows the themes its answers belong to and what was done about them.

    Never shows the answers: a reference is written down and read out. Every reference that isn't one, was withdrawn or
    belongs to another round gets the same answer.
    """
    asked = get_object_or_404(FeedbackRound.objects.public(), slug=slug)
    context: dict[str, Any] = {"round": asked, "is_reported": asked.state == FeedbackRound.State.REPORTED}
    if request.method != "POST" or not context["is_reported"]:
        return render(request, "feedback/outcome_lookup.html", context)
    typed = request.POST.get("reference", "")
    context["typed"] = typed[:40]
    if reference_lookup.is_rate_limited(request):
        return render(request, "feedback/outcome_lookup.html", context | {"is_limited": True}, status=429)
    response = reference_lookup.find_by_reference(asked, typed)
    if response is None:
        if typed.strip():
            reference_lookup.record_wrong_reference(request)
        message = WRONG_REFERENCE if typed.strip() else "Enter your reference"
        return render(
            request, "feedback/outcome_lookup.html", context | {"errors": [("reference", message)]}, status=422
        )
    return render(request, "feedback/outcome_detail.html", context | _found(asked, response))


def _found(asked: FeedbackRound, response: Response) -> dict[str, Any]:
    about = themes_for_response(response)
    every = responses_by_theme(asked)
    # A response to two themes may stand with one that isn't theirs.
    shown = [(one.theme, (*one.responses, *one.repeated)) for one in every if one.theme and one.theme.pk in about]
    return {"response": response, "outcomes": shown, "others": len(every) > len(shown)}

"""Coding, response by response: as the first, or as the second who checks the first; and how far two agree."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, posted_key
from engagement.feedback.analysis import coding_workflow
from engagement.feedback.analysis.code_frame import code_tree
from engagement.feedback.analysis.permissions import READ_RESPONSES, RefusedError, is_closed
from engagement.feedback.models import Code, CompletedCoding, FeedbackRound, Response
from nelis.core.admin.views import StaffViewMixin

__all__ = ["AgreementView", "CodingView", "NextResponseView", "kappa_in_words"]

#: Lowest kappa, and what it is called. After J. R. Landis and G. G. Koch, “The measurement of observer agreement for
#: categorical data”, Biometrics 33 (1977), page 165, who call their limits “clearly arbitrary”.
KAPPA_STRENGTHS = (
    (0.81, "almost perfect"),
    (0.61, "substantial"),
    (0.41, "moderate"),
    (0.21, "fair"),
    (0.0, "slight"),
)


def kappa_in_words(kappa: float | None) -> str:
    """A kappa in plain words."""
    if kappa is None:
        return "says nothing: both gave it to all, or to none"
    return next((words for lowest, words in KAPPA_STRENGTHS if round(kappa, 2) >= lowest), "poor: less than by chance")


class CodingView(AnalysisView):
    """How far coding has come, who has done how many, and the two heaps."""

    name = "feedback_coding"
    template_name = "admin/feedback/coding.html"
    page_title = "Coding"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        responses = Response.objects.filter(round=self.round).counted()
        written = coding_workflow.with_text(responses)
        readers = (
            CompletedCoding.objects.filter(response__in=responses).values_list("by__username").annotate(n=Count("pk"))
        )
        counted = written.annotate(readers=Count("completed_codings"))
        return super().get_context_data(**kwargs) | {
            "sent": responses.count(),
            "written": written.count(),
            "done": counted.filter(readers__gte=1).count(),
            "done_twice": counted.filter(readers__gte=2).count(),
            "first": coding_workflow.coding_queue(self.round, self.request.user, second=False).count(),
            "second": coding_workflow.coding_queue(self.round, self.request.user, second=True).count(),
            "has_looked": coding_workflow.is_unblinded(self.round, self.request.user),
            "coders": readers.order_by("-n", "by__username"),
            "has_codes": self.round.codes.exists(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Somebody chooses to see everybody's codes."""
        coding_workflow.unblind(self.round, request.user)
        messages.success(request, "You see everybody’s codes of this round now.")
        return redirect("feedback_coding", self.round.pk)


class NextResponseView(StaffViewMixin, View):
    """To the next response of a heap."""

    permission = READ_RESPONSES
    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = get_object_or_404(FeedbackRound, pk=pk)
        second = request.GET.get("from") == "second"
        found = coding_workflow.coding_queue(asked, request.user, second=second).first() if is_closed(asked) else None
        if found is None:
            messages.info(request, "Nothing is left there.")
            return redirect("feedback_coding", asked.pk)
        url = reverse("feedback_response", args=[asked.pk, found.pk])
        return redirect(f"{url}?from={'second' if second else 'first'}")


class AgreementView(AnalysisView):
    """Kappa of two coders, code by code, and where they differ.

    Whoever has something left to code as the second sees only what they are compared in themselves.
    """

    name = "feedback_agreement"
    template_name = "admin/feedback/agreement.html"
    page_title = "Agreement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        sees_all = coding_workflow.may_see_all_codes(self.round, user)
        pairs = [one for one in coding_workflow.coder_pairs(self.round) if sees_all or user in (one.one, one.other)]
        pair = next((one for one in pairs if one.key == self.request.GET.get("pair")), pairs[0] if pairs else None)
        branches = code_tree(self.round)
        compared = coding_workflow.compare_coders(self.round, pair, [one.code for one in branches]) if pair else []
        every = coding_workflow.disagreements(self.round)
        differences = [one for one in every if sees_all or user in (*one.given_by, *one.not_by)]
        return super().get_context_data(**kwargs) | {
            "sees_all": sees_all,
            "pairs": pairs,
            "pair": pair,
            "compared": [(one, kappa_in_words(one.agreement.kappa)) for one in _used_codes(compared)],
            "unused": len(compared) - len(_used_codes(compared)),
            "open": [one for one in differences if one.settlement is None],
            "settled": [one for one in differences if one.settlement is not None],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Settle one disagreement."""
        response = get_object_or_404(Response, round=self.round, pk=posted_key(request, "response"))
        code = get_object_or_404(Code, round=self.round, pk=posted_key(request, "code"))
        applies = request.POST.get("applies") == "yes"
        try:
            coding_workflow.adjudicate(response, code, applies, request.user)
        except RefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"“{code}” {'holds' if applies else 'doesn’t hold'} of {response}.")
        return redirect("feedback_agreement", self.round.pk)


def _used_codes(compared: Sequence[coding_workflow.CodeComparison]) -> list[coding_workflow.CodeComparison]:
    """Those of codes that either of the two gave at all."""
    return [one for one in compared if one.both or one.first_only or one.second_only]

"""The code frame of a round, the queues of responses to code, and how far two coders agree."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, PostActionsMixin, posted_key
from engagement.feedback.admin.forms import CodeForm, indented_choices
from engagement.feedback.analysis import agreement, code_frame, coding_workflow
from engagement.feedback.analysis.permissions import RefusedError, is_closed
from engagement.feedback.models import Code, CompletedCoding, Response

#: Lowest kappa, and what it is called. After J. R. Landis and G. G. Koch, “The measurement of observer agreement for
#: categorical data”, Biometrics 33 (1977), page 165, who call their limits “clearly arbitrary”.
KAPPA_STRENGTHS = (
    (0.81, "almost perfect"),
    (0.61, "substantial"),
    (0.41, "moderate"),
    (0.21, "fair"),
    (0.0, "slight"),
)


class CodeFrameView(AnalysisView):
    """All codes of a round with how often they are used, and a form for another one."""

    url_name = "feedback_code_frame"
    template_name = "admin/feedback/code_frame.html"
    page_title = "Codes"

    @cached_property
    def nodes(self) -> list[code_frame.CodeNode]:
        """The code frame; counts are of those codings that whoever looks may see."""
        visible = coding_workflow.visible_codings(self.round, self.request.user, "codings__")
        return code_frame.code_tree(self.round, visible)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "nodes": self.nodes,
            "form": kwargs.get("form") or CodeForm(self.nodes, set(), initial={"sort_order": 0}),
            "sees_all": coding_workflow.may_see_all_codes(self.round, self.request.user),
        } | super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add a code."""
        form = CodeForm(self.nodes, set(), request.POST, instance=Code(round=self.round))
        if not form.is_valid():
            return self.render_invalid(form=form)
        code_frame.save_code(form.instance, request.user)
        return self.redirect_to_frame(f"“{form.instance}” is added.")

    def redirect_to_frame(self, message: str) -> HttpResponse:
        """Show the code frame, with a message."""
        messages.success(self.request, message)
        return redirect("feedback_code_frame", self.round.pk)


class CodeView(PostActionsMixin, CodeFrameView):
    """One code: changing it, merging it with another one, deleting it."""

    url_name = ""
    template_name = "admin/feedback/code.html"
    actions = ("change", "merge", "delete")
    default_action = "change"

    @cached_property
    def code(self) -> Code:
        """The code that the page is about."""
        return get_object_or_404(Code, round=self.round, pk=self.kwargs["number"])

    @cached_property
    def name(self) -> str:
        """What the code was called before this request."""
        return str(self.code.name)

    def get_page_title(self) -> str:
        return self.name

    def get_parents(self) -> list[dict[str, Any]]:
        url = reverse("feedback_code_frame", args=[self.round.pk])
        return [*super().get_parents(), {"url": url, "label": "Codes"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        excluded = code_frame.descendant_keys(self.nodes, self.code)
        form = kwargs.pop("form", None) or CodeForm(self.nodes, excluded, instance=self.code)
        return super().get_context_data(form=form, **kwargs) | {
            "code": self.code,
            "node": next(node for node in self.nodes if node.code.pk == self.code.pk),
            "others": indented_choices([node for node in self.nodes if node.code.pk not in excluded]),
            "may_delete": not self.code.codings.exists() and len(excluded) == 1,
        }

    def change(self) -> HttpResponse:
        """Save the name, description and position of the code."""
        name = self.name
        excluded = code_frame.descendant_keys(self.nodes, self.code)
        form = CodeForm(self.nodes, excluded, self.request.POST, instance=self.code)
        if not form.is_valid():
            return self.render_invalid(form=form)
        code_frame.save_code(form.instance, self.request.user, previous_name=name)
        return self.redirect_to_frame(f"“{form.instance}” is changed.")

    def merge(self) -> HttpResponse:
        """Merge the code into another one."""
        into = self.round.codes.filter(pk=posted_key(self.request, "into")).first()
        if into is None:
            raise RefusedError("Choose another code of this round.")
        code_frame.merge_codes(self.code, into, self.request.user)
        return self.redirect_to_frame(f"“{self.name}” is part of “{into}” now.")

    def delete(self) -> HttpResponse:
        """Delete the code, which nothing has."""
        name = self.name
        code_frame.delete_code(self.code, self.request.user)
        return self.redirect_to_frame(f"“{name}” is deleted.")


class CodingView(PostActionsMixin, AnalysisView):
    """How far coding has come, who has coded how many responses, and the two queues."""

    url_name = "feedback_coding"
    template_name = "admin/feedback/coding.html"
    page_title = "Coding"
    default_action = "unblind"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        responses = Response.objects.filter(round=self.round).counted()
        with_text = coding_workflow.with_text(responses)
        counted = with_text.annotate(coders=Count("completed_codings"))
        coders = CompletedCoding.objects.filter(response__in=responses).values_list("by__username")
        return super().get_context_data(**kwargs) | {
            "sent": responses.count(),
            "written": with_text.count(),
            "done": counted.filter(coders__gte=1).count(),
            "done_twice": counted.filter(coders__gte=2).count(),
            "first": coding_workflow.coding_queue(self.round, user, second=False).count(),
            "second": coding_workflow.coding_queue(self.round, user, second=True).count(),
            "is_unblinded": coding_workflow.is_unblinded(self.round, user),
            "coders": coders.annotate(number=Count("pk")).order_by("-number", "by__username"),
            "has_codes": self.round.codes.exists(),
        }

    def unblind(self) -> str:
        """Show everybody's codes from now on."""
        coding_workflow.unblind(self.round, self.request.user)
        return "You see everybody’s codes of this round now."


class NextResponseView(AnalysisView):
    """Redirect to the next response of a queue."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        second = request.GET.get("from") == "second"
        queue = coding_workflow.coding_queue(self.round, request.user, second=second)
        response = queue.first() if is_closed(self.round) else None
        if response is None:
            messages.info(request, "Nothing is left there.")
            return redirect("feedback_coding", self.round.pk)
        url = reverse("feedback_response", args=[self.round.pk, response.pk])
        return redirect(f"{url}?from={'second' if second else 'first'}")


class AgreementView(PostActionsMixin, AnalysisView):
    """Kappa of two coders, code by code, and where they differ.

    Whoever has something left to code as the second coder sees only comparisons with themselves.
    """

    url_name = "feedback_agreement"
    template_name = "admin/feedback/agreement.html"
    page_title = "Agreement"
    default_action = "adjudicate"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        sees_all = coding_workflow.may_see_all_codes(self.round, user)
        pairs = [pair for pair in agreement.coder_pairs(self.round) if sees_all or user in (pair.first, pair.second)]
        wanted = self.request.GET.get("pair")
        pair = next((pair for pair in pairs if pair.key == wanted), pairs[0] if pairs else None)
        codes = [node.code for node in code_frame.code_tree(self.round)]
        compared = agreement.compare_coders(self.round, pair, codes) if pair else []
        used = [code for code in compared if code.both or code.first_only or code.second_only]
        differences = [
            difference
            for difference in agreement.disagreements(self.round)
            if sees_all or user in (*difference.given_by, *difference.not_by)
        ]
        return super().get_context_data(**kwargs) | {
            "sees_all": sees_all,
            "pairs": pairs,
            "pair": pair,
            "compared": [(code, kappa_in_words(code.agreement.kappa)) for code in used],
            "unused": len(compared) - len(used),
            "open": [difference for difference in differences if difference.adjudication is None],
            "settled": [difference for difference in differences if difference.adjudication is not None],
        }

    def adjudicate(self) -> str:
        """Decide one disagreement."""
        response = get_object_or_404(Response, round=self.round, pk=posted_key(self.request, "response"))
        code = get_object_or_404(Code, round=self.round, pk=posted_key(self.request, "code"))
        applies = self.request.POST.get("applies") == "yes"
        agreement.adjudicate(response, code, applies, self.request.user)
        return f"“{code}” {'holds' if applies else 'doesn’t hold'} of {response}."


def kappa_in_words(kappa: float | None) -> str:
    """Describe a kappa in plain words."""
    if kappa is None:
        return "says nothing: both gave it to all, or to none"
    return next((words for lowest, words in KAPPA_STRENGTHS if round(kappa, 2) >= lowest), "poor: less than by chance")

"""One response in the admin: reading it, coding it, blacking words out of it, and moving it on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, posted_key, posted_text
from engagement.feedback.admin.forms import TextSpanForm
from engagement.feedback.analysis import coding_workflow, duplicates, response_workflow, text_spans
from engagement.feedback.analysis.annotated_response import annotated_response
from engagement.feedback.analysis.code_frame import CodeNode, code_tree
from engagement.feedback.analysis.permissions import WITHDRAWN, RefusedError
from engagement.feedback.analysis.response_filters import ResponseFilterForm, filter_responses
from engagement.feedback.models import Code, Response
from engagement.feedback.responses.keys import normalise_code
from engagement.feedback.responses.text_anchors import texts_by_anchor

__all__ = ["ResponseView"]

#: From which list somebody came: the inbox, or one of the two heaps to code.
FIRST, SECOND = "first", "second"


class ResponseView(AnalysisView):
    """Everything one response says. What is done with it is posted to its own address."""

    template_name = "admin/feedback/response.html"

    @cached_property
    def response(self) -> Response:
        """The one it is about, with everything it says."""
        rows = Response.objects.select_related("form", "session", "respondent", "entered_by", "duplicate_of", "round")
        rows = rows.prefetch_related(
            "answers", "stances__version", "completed_codings__by", "redactions__by", "quotations"
        )
        # What was never sent is nobody's to read.
        sent = rows.exclude(state=Response.State.SAVED)
        return get_object_or_404(sent, round=self.round, pk=self.kwargs["number"])

    @cached_property
    def branches(self) -> list[CodeNode]:
        """The tree of codes."""
        return code_tree(self.round)

    def get_page_title(self) -> str:
        return str(self.response)

    def between(self) -> list[dict[str, Any]]:
        return [{"url": reverse("feedback_responses", args=[self.round.pk]), "label": "Responses"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, response = self.request.user, self.response
        readers = [reading.by for reading in response.completed_codings.all()]
        is_done = user in readers
        codings = list(response.codings.select_related("code", "by"))
        # What others found stays hidden from whoever is still at it.
        shown = [one for one in codings if is_done or one.by_id == user.pk]
        return super().get_context_data(**kwargs) | {
            "one": response,
            "sections": annotated_response(response, shown, response.redactions.all(), self.asked),
            "form": kwargs.get("form") or self.form(initial={"anchor": self.request.GET.get("anchor", "")}),
            "has_words": bool(texts_by_anchor(response)),
            "has_codes": bool(self.branches),
            "is_done": is_done,
            "others_done": len(readers) - is_done,
            "readers": readers if is_done else [],
            "adjudications": response.adjudications.select_related("code", "by") if is_done else [],
            "is_workable": response.state in Response.SENT,
            "moves": response_workflow.available_transitions(response, user),
            "person": getattr(response, "respondent", None),
            "events": coding_workflow.blinded_events(response.events.select_related("by"), user),
            "duplicates": response.duplicates.order_by("pk"),
            "query": self.query,
            "error_count": len(kwargs["form"].errors) if "form" in kwargs else 0,
            **self.beside(),
        }

    def form(self, *args: Any, **kwargs: Any) -> TextSpanForm:
        """The form for words, of this response."""
        return TextSpanForm(texts_by_anchor(self.response), self.asked, self.branches, *args, **kwargs)

    def posted_form(self) -> TextSpanForm:
        """The form as it was sent. Raises RefusedError for a response whose words have gone meanwhile."""
        if self.response.state not in Response.SENT:
            raise RefusedError(WITHDRAWN)
        return self.form(self.request.POST)

    @property
    def query(self) -> str:
        """What the list was narrowed by, from which somebody came."""
        return self.request.GET.urlencode()

    def beside(self) -> dict[str, Any]:
        """The responses before and after this one in that list. Nothing, for somebody who codes from a heap."""
        if self.request.GET.get("from") in (FIRST, SECOND):
            return {"heap": self.request.GET["from"]}
        form = ResponseFilterForm(self.round, self.asked, self.request.GET or {}, sees_who=self.sees_who)
        form.is_valid()
        listed = filter_responses(form, self.request.user)
        return {
            "before": listed.filter(pk__lt=self.response.pk).order_by("-pk").values_list("pk", flat=True).first(),
            "after": listed.filter(pk__gt=self.response.pk).values_list("pk", flat=True).first(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the button says, and show the page again."""
        do: Callable[[], HttpResponse | str] | None = {
            "code": self.code,
            "redact": self.redact,
            "uncode": self.uncode,
            "reveal": self.reveal,
            "done": self.done,
            "not-done": self.not_done,
            "move": self.move,
            "mark": self.mark,
            "unmark": self.unmark,
        }.get(request.POST.get("do", ""))
        if do is None:
            return self.back()
        try:
            answer = do()
        except RefusedError as error:
            messages.error(request, str(error))
            return self.back()
        if not isinstance(answer, str):
            return answer
        messages.success(request, answer)
        return self.back()

    def back(self) -> HttpResponse:
        """To this page, where the list is still known."""
        url = reverse("feedback_response", args=[self.round.pk, self.response.pk])
        return redirect(f"{url}?{self.query}" if self.query else url)

    def code(self) -> HttpResponse | str:
        """Give codes to words."""
        form = self.posted_form()
        if not form.is_valid():
            return self.wrong(form=form)
        codes = Code.objects.filter(round=self.round, pk__in=form.cleaned_data["codes"])
        (span,) = form.cleaned_data["spans"]
        given = text_spans.apply_codes(self.response, form.cleaned_data["anchor"], span, codes, self.request.user)
        return f"Coded: {', '.join(str(one.code) for one in given)}."

    def redact(self) -> HttpResponse | str:
        """Black words out, everywhere they stand in that answer; and say where else in the response they do."""
        form = self.posted_form()
        if not form.is_valid():
            return self.wrong(form=form)
        said = form.cleaned_data
        hidden = text_spans.redact_spans(
            self.response, said["anchor"], said["spans"], said["reason"], self.request.user
        )
        start, end = said["spans"][0]
        words = texts_by_anchor(self.response)[said["anchor"]][start:end]
        if left := text_spans.remaining_places(Response.objects.get(pk=self.response.pk), words):
            places = ", ".join(f"“{self.asked.label(place)}”" for place in left)
            messages.warning(self.request, f"The same words still stand in the answer to {places}.")
        return "Blacked out." if len(hidden) == 1 else f"Blacked out in {len(hidden)} places."

    def uncode(self) -> str:
        """Take a code away."""
        text_spans.remove_code(self.response, posted_key(self.request, "span"), self.request.user)
        return "The code is taken away."

    def reveal(self) -> str:
        """Black words out no longer."""
        text_spans.remove_redaction(self.response, posted_key(self.request, "span"), self.request.user)
        return "These words are no longer blacked out."

    def done(self) -> HttpResponse | str:
        """This response is coded, as far as this member of staff goes. On to the next, if there is a heap of them."""
        coding_workflow.complete_coding(self.response, self.request.user)
        heap = self.request.GET.get("from")
        if heap not in (FIRST, SECOND):
            return "You are done with coding this response."
        messages.success(self.request, f"You are done with coding {self.response}.")
        return redirect(f"{reverse('feedback_next_response', args=[self.round.pk])}?from={heap}")

    def not_done(self) -> str:
        """It isn't, after all."""
        coding_workflow.reopen_coding(self.response, self.request.user)
        return "You can change your codes again."

    def move(self) -> str:
        """A step on its way."""
        response_workflow.change_state(
            self.response, self.request.POST.get("to", ""), self.request.user, posted_text(self.request, "reason")
        )
        return f"{self.response}: {self.response.get_state_display().lower()}."

    def mark(self) -> str:
        """A duplicate of another response, which is told by its receipt."""
        code = normalise_code(posted_text(self.request, "reference"))
        first = Response.objects.filter(round=self.round, reference=f"{code[:4]}-{code[4:]}").first()
        if first is None:
            raise RefusedError("No response of this round has that receipt.")
        duplicates.mark_duplicate(self.response, first, self.request.user)
        return f"{self.response} isn’t counted any more, because {first} is."

    def unmark(self) -> str:
        """No duplicate."""
        duplicates.unmark_duplicate(self.response, self.request.user)
        return f"{self.response} is counted again."

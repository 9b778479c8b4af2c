"""The list of a round's responses, and the page of one: reading it, coding it, redacting it, and moving it on."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from engagement.feedback.admin.base import AnalysisView, PostActionsMixin, posted_key, posted_text
from engagement.feedback.admin.forms import BulkMoveForm, TextSpanForm
from engagement.feedback.analysis import coding_workflow, duplicates, response_workflow, text_spans
from engagement.feedback.analysis.annotated_response import annotated_response
from engagement.feedback.analysis.code_frame import CodeNode, code_tree
from engagement.feedback.analysis.permissions import WITHDRAWN, RefusedError, is_closed
from engagement.feedback.analysis.response_filters import ResponseFilterForm
from engagement.feedback.models import Code, Response
from engagement.feedback.responses.keys import normalise_code
from engagement.feedback.responses.saved_response import texts_by_anchor

PER_PAGE = 50
#: Of responses that couldn’t be moved on with others, so many are named.
LEFT_NAMED = 10
#: The two queues to code, as ``from`` in the URL names them.
QUEUES = ("first", "second")


class ResponseListView(PostActionsMixin, AnalysisView):
    """All responses of a round, filtered and searched, a page at a time. A fixed number of queries.

    Many of them are moved on at once, as they are found in the list.
    """

    url_name = "feedback_responses"
    template_name = "admin/feedback/response_list.html"
    page_title = "Responses"
    actions = ("move_many",)

    @cached_property
    def filter_form(self) -> ResponseFilterForm:
        """The filters in the URL."""
        return ResponseFilterForm(self.round, self.history, self.request.user, self.request.GET)

    @cached_property
    def page(self) -> Any:
        """The page of the list."""
        return Paginator(self.filter_form.responses(), PER_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def keys(self) -> list[int]:
        """The responses on the page."""
        return [response.pk for response in self.page.object_list]

    def bulk_form(self, data: Any = None) -> BulkMoveForm | None:
        """The form to move many on; None as long as the round isn’t closed, or for whoever may make no step."""
        transitions = response_workflow.transitions_for_many(self.round, self.request.user)
        if not (is_closed(self.round) and transitions and self.keys):
            return None
        return BulkMoveForm(transitions, self.keys, self.page.paginator.count, data)

    def move_many(self) -> HttpResponse | str:
        """Make a step with many responses, each by itself."""
        form = self.bulk_form(self.request.POST)
        if form is None:
            raise RefusedError("Nothing here can be moved on now.")
        if not form.is_valid():
            return self.render_invalid(bulk_form=form)
        chosen = {"ticked": form.cleaned_data["response"], "page": self.keys}.get(form.cleaned_data["which"])
        responses = self.filter_form.responses() if chosen is None else Response.objects.filter(pk__in=chosen)
        transition = form.cleaned_data["transition"]
        done, left = response_workflow.change_states(
            list(responses.filter(round=self.round)), transition, self.request.user, form.cleaned_data["reason"]
        )
        if left:
            names = ", ".join(str(response) for response in left[:LEFT_NAMED])
            more = f" and {len(left) - LEFT_NAMED} more" if len(left) > LEFT_NAMED else ""
            messages.warning(self.request, f"Left as they are, because they are in another state: {names}{more}.")
        target = Response.State(transition.target).label.lower()
        return f"{done} response{'' if done == 1 else 's'} moved on: {target}."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(**kwargs) | {
            "form": self.filter_form,
            "bulk_form": kwargs.get("bulk_form") or self.bulk_form(),
            "ticked": self.request.POST.getlist("response"),
            "page": self.page,
            "rows": response_rows(self.keys, self.request.user),
            "query": query.urlencode(),
            "is_narrowed": any(query.values()),
        }


def response_rows(keys: list[int], user: Any) -> list[Any]:
    """Load what the list shows of responses, in their order. Three queries."""
    responses = Response.objects.filter(pk__in=keys).select_related("session", "duplicate_of").order_by("pk")
    rows: list[Any] = list(responses.annotate(coders=Count("completed_codings")))
    completed = set(Response.objects.filter(pk__in=keys, completed_codings__by=user).values_list("pk", flat=True))
    with_text = coding_workflow.with_text(Response.objects.filter(pk__in=keys)).values_list("pk", flat=True)
    written = set(with_text)
    for row in rows:
        row.is_completed, row.has_text = row.pk in completed, row.pk in written
    return rows


class ResponseView(PostActionsMixin, AnalysisView):
    """Everything one response says. What is done with it is posted to its own URL."""

    template_name = "admin/feedback/response.html"
    actions = ("code", "redact", "uncode", "reveal", "done", "not_done", "move", "mark", "unmark")

    @cached_property
    def response(self) -> Response:
        """The response, with everything it says."""
        rows = Response.objects.select_related("form", "session", "respondent", "entered_by", "duplicate_of", "round")
        rows = rows.prefetch_related(
            *("answers", "stances__version", "completed_codings__by", "redactions__by", "quotations")
        )
        # What was never sent is nobody's to read.
        sent = rows.exclude(state=Response.State.SAVED)
        return get_object_or_404(sent, round=self.round, pk=self.kwargs["number"])

    @cached_property
    def nodes(self) -> list[CodeNode]:
        """The code frame."""
        return code_tree(self.round)

    def get_page_title(self) -> str:
        return str(self.response)

    def get_parents(self) -> list[dict[str, Any]]:
        url = reverse("feedback_responses", args=[self.round.pk])
        return [*super().get_parents(), {"url": url, "label": "Responses"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, response = self.request.user, self.response
        coders = [completed.by for completed in response.completed_codings.all()]
        is_done = user in coders
        codings = list(response.codings.select_related("code", "by"))
        # What others found stays hidden from whoever is still at it.
        shown = [coding for coding in codings if is_done or coding.by_id == user.pk]
        return super().get_context_data(**kwargs) | {
            "response": response,
            "sections": annotated_response(response, shown, response.redactions.all(), self.history),
            "form": kwargs.get("form") or self.form(initial={"anchor": self.request.GET.get("place", "")}),
            "has_text": bool(texts_by_anchor(response)),
            "has_codes": bool(self.nodes),
            "is_done": is_done,
            "others_done": len(coders) - is_done,
            "coders": coders if is_done else [],
            "adjudications": response.adjudications.select_related("code", "by") if is_done else [],
            "is_workable": response.state in Response.SENT,
            "transitions": response_workflow.available_transitions(response, user),
            "person": getattr(response, "respondent", None),
            "events": coding_workflow.blinded_events(response.events.select_related("by"), user),
            "duplicates": response.duplicates.order_by("pk"),
            "query": self.request.GET.urlencode(),
            "error_count": len(kwargs["form"].errors) if "form" in kwargs else 0,
            **self.neighbours(),
        }

    def form(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> TextSpanForm:
        """Build the form for spans of this response."""
        return TextSpanForm(texts_by_anchor(self.response), self.history, self.nodes, data, **kwargs)

    def posted_form(self) -> TextSpanForm:
        """Build the form as it was sent. Raises RefusedError for a response that was withdrawn meanwhile."""
        if self.response.state not in Response.SENT:
            raise RefusedError(WITHDRAWN)
        return self.form(self.request.POST)

    def neighbours(self) -> dict[str, Any]:
        """Find the responses before and after this one in the list that somebody came from, if it isn't a queue."""
        if self.request.GET.get("from") in QUEUES:
            return {"queue": self.request.GET["from"]}
        listed = ResponseFilterForm(self.round, self.history, self.request.user, self.request.GET).responses()
        return {
            "before": listed.filter(pk__lt=self.response.pk).order_by("-pk").values_list("pk", flat=True).first(),
            "after": listed.filter(pk__gt=self.response.pk).values_list("pk", flat=True).first(),
        }

    def code(self) -> HttpResponse | str:
        """Give codes to a span."""
        form = self.posted_form()
        if not form.is_valid():
            return self.render_invalid(form=form)
        codes = Code.objects.filter(round=self.round, pk__in=form.cleaned_data["codes"])
        (span,) = form.cleaned_data["spans"]
        codings = text_spans.apply_codes(self.response, form.cleaned_data["anchor"], span, codes, self.request.user)
        return f"Coded: {', '.join(str(coding.code) for coding in codings)}."

    def redact(self) -> HttpResponse | str:
        """Redact words everywhere in one answer; say where else in the response they stand."""
        form = self.posted_form()
        if not form.is_valid():
            return self.render_invalid(form=form)
        anchor, spans, reason = (form.cleaned_data[name] for name in ("anchor", "spans", "reason"))
        redactions = text_spans.redact_spans(self.response, anchor, spans, reason, self.request.user)
        start, end = spans[0]
        words = texts_by_anchor(self.response)[anchor][start:end]
        if remaining := text_spans.remaining_anchors(Response.objects.get(pk=self.response.pk), words):
            labels = ", ".join(f"“{self.history.label(anchor)}”" for anchor in remaining)
            messages.warning(self.request, f"The same words still stand in the answer to {labels}.")
        return "Blacked out." if len(redactions) == 1 else f"Blacked out in {len(redactions)} places."

    def uncode(self) -> str:
        """Remove a code."""
        text_spans.remove_code(self.response, posted_key(self.request, "span"), self.request.user)
        return "The code is taken away."

    def reveal(self) -> str:
        """Remove a redaction."""
        text_spans.remove_redaction(self.response, posted_key(self.request, "span"), self.request.user)
        return "These words are no longer blacked out."

    def done(self) -> HttpResponse | str:
        """Complete the coding, and go on to the next response of the queue that somebody came from."""
        coding_workflow.complete_coding(self.response, self.request.user)
        queue = self.request.GET.get("from")
        if queue not in QUEUES:
            return "You are done with coding this response."
        messages.success(self.request, f"You are done with coding {self.response}.")
        return redirect(f"{reverse('feedback_next_response', args=[self.round.pk])}?from={queue}")

    def not_done(self) -> str:
        """Reopen the coding."""
        coding_workflow.reopen_coding(self.response, self.request.user)
        return "You can change your codes again."

    def move(self) -> str:
        """Change the state of the response."""
        target, reason = self.request.POST.get("to", ""), posted_text(self.request, "reason")
        response_workflow.change_state(self.response, target, self.request.user, reason)
        return f"{self.response}: {self.response.get_state_display().lower()}."

    def mark(self) -> str:
        """Mark the response as a duplicate of the one with the posted reference."""
        code = normalise_code(posted_text(self.request, "reference"))
        first = Response.objects.filter(round=self.round, reference=f"{code[:4]}-{code[4:]}").first()
        if first is None:
            raise RefusedError("No response of this round has that receipt.")
        duplicates.mark_duplicate(self.response, first, self.request.user)
        return f"{self.response} isn’t counted any more, because {first} is."

    def unmark(self) -> str:
        """Count the response again."""
        duplicates.unmark_duplicate(self.response, self.request.user)
        return f"{self.response} is counted again."

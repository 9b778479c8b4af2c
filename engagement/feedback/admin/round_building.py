"""The buttons and the form by which a round is built from what there is: a copy, and questions of question sets."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from engagement.feedback.admin.base import RoundMixin, RoundPostView, round_dashboard_url
from engagement.feedback.admin.forms import TakeQuestionsForm
from engagement.feedback.analysis.permissions import RefusedError
from engagement.feedback.models import FeedbackRound
from engagement.feedback.rounds import building, opening
from nelis.core.admin.views import StaffFormView

#: In these states it can still be said what a round asks.
BUILDABLE = (FeedbackRound.State.DRAFT, FeedbackRound.State.OPEN)


class CopyRoundView(RoundPostView):
    """The button that makes a draft of the same sessions, and leads to its form."""

    permission = "feedback.add_feedbackround"
    default_action = "copy"

    def copy(self) -> HttpResponse:
        """Copy the round."""
        if self.round.is_standing:
            raise RefusedError("The standing round has no sessions to copy.")
        copy = building.copy_round(self.round, self.request.user)
        messages.success(
            self.request, f"“{copy.title}” is a draft of its own. Give it a title, an address and its times."
        )
        return redirect(reverse(FeedbackRound.snippet_viewset.get_url_name("edit"), args=[copy.pk]))


class TakeQuestionsView(RoundMixin, StaffFormView):
    """Takes questions of the question sets into a session."""

    permission = "feedback.change_feedbackround"
    template_name = "admin/feedback/take_questions.html"
    page_title = "Take questions from question sets"
    form_class = TakeQuestionsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sessions": self.round.sessions.all()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "is_buildable": self.round.state in BUILDABLE and not self.round.is_standing,
        }

    def get_success_url(self) -> str:
        return round_dashboard_url(self.round)

    def form_valid(self, form: TakeQuestionsForm) -> HttpResponse:
        session, questions = form.cleaned_data["session"], form.cleaned_data["questions"]
        if self.round.state not in BUILDABLE:
            form.add_error(None, "The round is closed: nothing more is asked in it.")
            return self.form_invalid(form)
        try:
            added = building.take_questions(session, questions, self.request.user)
        except opening.CannotOpenError as error:
            form.add_error(None, f"The round is open, and couldn’t be answered like that. {error}")
            return self.form_invalid(form)
        known = len(questions) - added
        said = f"{added} question{'' if added == 1 else 's'} taken into “{session.title}”."
        messages.success(self.request, f"{said} {known} stood there already." if known else said)
        return super().form_valid(form)

    def form_invalid(self, form: TakeQuestionsForm) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

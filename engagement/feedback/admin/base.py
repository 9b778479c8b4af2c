"""What the admin pages of a feedback round share: the round, breadcrumbs, permissions, and buttons that act on it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View
from wagtail.admin import messages

from engagement.feedback.analysis.form_history import FormHistory
from engagement.feedback.analysis.permissions import READ_RESPONDENTS, READ_RESPONSES, RefusedError, is_closed
from engagement.feedback.models import FeedbackRound
from engagement.feedback.responses.parsing import clean_text
from nelis.core.admin.views import StaffView, StaffViewMixin

VIEW_ROUND = "feedback.view_feedbackround"
RUN_ROUND = "feedback.run_feedbackround"

#: The pages on a round's responses, in the order of the work: URL name and label.
ANALYSIS_PAGES = (
    ("feedback_responses", "Responses"),
    ("feedback_statistics", "Statistics"),
    ("feedback_code_frame", "Codes"),
    ("feedback_coding", "Coding"),
    ("feedback_agreement", "Agreement"),
    ("feedback_duplicates", "Duplicates"),
    ("feedback_representation", "Who answered"),
    ("feedback_exports", "Exports"),
    ("feedback_audit_log", "Audit log"),
)


def round_dashboard_url(round_: FeedbackRound) -> str:
    """Find the page on which a round is opened, followed and closed."""
    return reverse("feedback_dashboard", args=[round_.pk])


class RoundMixin:
    """The round whose key is in the URL, and breadcrumbs that lead to the page by way of its dashboard."""

    header_icon = "comment"
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def round(self) -> FeedbackRound:
        """The round that the page is about."""
        return get_object_or_404(FeedbackRound, pk=self.kwargs["pk"])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home, *_, here = super().get_breadcrumbs_items()  # type: ignore[misc]
        listing = reverse(FeedbackRound.snippet_viewset.get_url_name("list"))
        return [home, {"url": listing, "label": "Feedback rounds"}, *self.get_parents(), here]

    def get_parents(self) -> list[dict[str, Any]]:
        """List the breadcrumbs between the list of rounds and this page."""
        return [{"url": round_dashboard_url(self.round), "label": self.round.title}]


class PostActionsMixin:
    """Buttons of a page: a POST calls the method that its ``do`` names, says what came of it, and goes back.

    The method returns a message, or a response of its own. What raises RefusedError is said, and nothing is done.
    """

    http_method_names: Sequence[str] = ["get", "head", "post"]
    request: HttpRequest
    #: The methods that may be called, and the one that is if none is named.
    actions: Sequence[str] = ()
    default_action = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Call the method, and redirect with its message."""
        name = self.get_action()
        if name and name in (*self.actions, self.default_action):
            try:
                result = getattr(self, name)()
            except RefusedError as refusal:
                messages.error(request, str(refusal))
            else:
                if isinstance(result, HttpResponseBase):
                    return result  # type: ignore[return-value]
                messages.success(request, result)
        return redirect(self.get_success_url())

    def get_action(self) -> str:
        """Read the name of the method from what was posted."""
        return self.request.POST.get("do", self.default_action).replace("-", "_")

    def get_success_url(self) -> str:
        """Go back to the page that has the button."""
        return self.request.get_full_path()


class RoundPostView(PostActionsMixin, RoundMixin, StaffViewMixin, View):
    """Buttons of a round with a URL of their own, for those who may see rounds and have ``permission``."""

    http_method_names = ["post"]
    permission = RUN_ROUND

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_ROUND):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return round_dashboard_url(self.round)


class AnalysisView(RoundMixin, StaffView):
    """A page on a round's responses, for those who may read them."""

    permission = READ_RESPONSES
    #: The name of its URL, among ANALYSIS_PAGES.
    url_name = ""

    @cached_property
    def history(self) -> FormHistory:
        """Everything the round asked."""
        return FormHistory.of(self.round)

    @property
    def sees_respondents(self) -> bool:
        """Whether who answered may be shown."""
        return bool(self.request.user.has_perm(READ_RESPONDENTS))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "round": self.round,
            "links": [
                {"url": reverse(name, args=[self.round.pk]), "label": label, "is_current": name == self.url_name}
                for name, label in ANALYSIS_PAGES
            ],
            "is_closed": is_closed(self.round),
            "sees_respondents": self.sees_respondents,
        }

    def render_invalid(self, **context: Any) -> HttpResponse:
        """Show the page again, with the errors of its form."""
        return self.render_to_response(self.get_context_data(**context), status=422)


def posted_text(request: HttpRequest, name: str, max_length: int = 200) -> str:
    """Read a line that was posted, without characters that no database takes."""
    return " ".join(clean_text(request.POST.get(name, "")).split())[:max_length]


def posted_key(request: HttpRequest, name: str) -> int:
    """Read a primary key that was posted; 0, which nothing has, for what is none."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0

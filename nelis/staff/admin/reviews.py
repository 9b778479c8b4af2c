"""A review that is stuck: whoever may publish past it can end it, and then change, hand in or publish the draft."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.models import Page, WorkflowState
from wagtail.snippets.action_menu import ActionMenuItem as SnippetActionMenuItem
from wagtail.snippets.permissions import get_permission_name

from engagement.mail.transactional import queue_email
from nelis.core.admin.views import ActionFormView
from nelis.staff import emails
from nelis.staff.dashboard.parts import edit_url, title_of

__all__ = ["EndReviewItem", "EndReviewView", "EndSnippetReviewItem", "may_end_review"]

LABEL = "End the review"


def may_end_review(user: Any, obj: Any) -> bool:
    """Return whether ``user`` may publish ``obj`` past its review."""
    if isinstance(obj, Page):
        return bool(obj.permissions_for_user(user).can_publish())
    return bool(user.has_perm(get_permission_name("publish", type(obj))))


class ReasonForm(forms.Form):
    """Why a review ends without a decision."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is mailed to whoever handed it in.",
    )


class EndReviewView(ActionFormView):
    """End a review, say because whoever has to check it is away."""

    model = WorkflowState
    form_class = ReasonForm
    permission = "wagtailadmin.access_admin"
    page_title = LABEL
    submit_label = LABEL
    intro = (
        "It becomes an ordinary draft again, which you can change, hand in once more, or publish by yourself. "
        "Publishing without a review stays on record."
    )
    success_message = "The review is ended. It is an ordinary draft now."
    unchanged_message = "The review was over already."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission) or not may_end_review(request.user, self.object.content_object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return title_of(self.object.content_object)

    def get_success_url(self) -> str:
        return edit_url(self.object.content_object)

    def perform(self, **data: Any) -> bool:
        state = self.object
        if state.status not in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES):
            return False
        state.cancel(user=self.request.user)
        author = state.requested_by
        if author and author != self.request.user and author.email:
            user: Any = self.request.user
            by = user.get_full_name() or user.get_username()
            queue_email(emails.REVIEW_ENDED, author.email, object_id=str(state.pk), by=by, reason=data["reason"])
        return True


class EndReviewItem(ActionMenuItem):
    """In the menu of a page in review, for those who may publish past it."""

    name = "end-review"
    label = LABEL
    icon_name = "error"
    order = 95

    def is_shown(self, context: dict[str, Any]) -> bool:
        page: Any = context.get("page")
        return bool(
            context["view"] == "edit"
            and page.current_workflow_state
            and self.get_user_page_permissions_tester(context).can_publish()
        )

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("staff_end_review", args=[context["page"].current_workflow_state.pk])


class EndSnippetReviewItem(SnippetActionMenuItem):
    """The same for a figure or another snippet."""

    name = "end-review"
    label = LABEL
    icon_name = "error"
    order = 95

    def is_shown(self, context: dict[str, Any]) -> bool:
        thing = context.get("instance")
        state = getattr(thing, "current_workflow_state", None)
        return bool(context["view"] == "edit" and state and may_end_review(context["request"].user, thing))

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("staff_end_review", args=[context["instance"].current_workflow_state.pk])

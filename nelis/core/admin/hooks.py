"""What happens around saving in the editor."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import WorkflowMixin

from nelis.core.review import keep_review_current


@hooks.register("after_edit_page")
@hooks.register("after_edit_snippet")
def review_what_was_saved(request: HttpRequest, obj: Any) -> None:
    """A change in the middle of a review is reviewed too, from the first step on."""
    if isinstance(obj, WorkflowMixin) and keep_review_current(obj, request.user):
        messages.warning(
            request,
            "Your changes are saved. Because the content changed, the review begins again, "
            "and somebody else must approve it.",
        )

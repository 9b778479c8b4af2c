"""What the forms of the editor have in common."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

__all__ = ["ReviewedForm", "ReviewedPageForm"]


class CompleteWhileReviewed:
    """A draft may be saved with gaps, but not while it is under review.

    It was complete when it was handed in, and what the last step approves goes live as it is.
    """

    instance: Any

    def defer_required_fields(self) -> None:
        """Let required fields be empty, unless a workflow is running."""
        if not (self.instance.pk and self.instance.workflow_in_progress):
            super().defer_required_fields()  # type: ignore[misc]


class ReviewedForm(CompleteWhileReviewed, WagtailAdminModelForm):
    """The form of a snippet that a workflow publishes."""


class ReviewedPageForm(CompleteWhileReviewed, WagtailAdminPageForm):
    """The form of a page."""

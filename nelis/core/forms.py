"""What the forms of the editor have in common."""

from copy import copy
from typing import Any

from django.db.models import Model, UniqueConstraint
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

__all__ = ["ReviewedForm", "ReviewedPageForm", "RowsForm", "RowsPageForm"]


class DistinctRows:
    """Rows that belong to a thing, each different from the others, may change places in one saving.

    Rows are saved one by one, so a row that becomes what the next one still is would break the rule
    that keeps them apart. A row that becomes another is therefore taken out and put in anew.
    """

    instance: Any
    formsets: dict[str, Any]

    def save(self, commit: bool = True) -> Any:
        """Save the thing and its rows."""
        for name, formset in self.formsets.items():
            identity = row_identity(formset.model, formset.fk.name)
            for form in formset.forms:
                if form.instance.pk and identity.intersection(form.changed_data):
                    getattr(self.instance, name).remove(copy(form.instance))
                    form.instance.pk = None
        return super().save(commit=commit)  # type: ignore[misc]


def row_identity(model: type[Model], parent: str) -> set[str]:
    """The fields of a row that tell it from the other rows of its ``parent``."""
    return {
        field
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and parent in constraint.fields
        for field in constraint.fields
    } - {parent}


class CompleteWhileReviewed:
    """A draft may be saved with gaps, but not while it is under review.

    It was complete when it was handed in, and what the last step approves goes live as it is.
    """

    instance: Any

    def defer_required_fields(self) -> None:
        """Let required fields be empty, unless a workflow is running."""
        if not (self.instance.pk and self.instance.workflow_in_progress):
            super().defer_required_fields()  # type: ignore[misc]


class RowsForm(DistinctRows, WagtailAdminModelForm):
    """The form of a snippet, with its rows."""


class RowsPageForm(DistinctRows, WagtailAdminPageForm):
    """The form of a page, with its rows."""


class ReviewedForm(CompleteWhileReviewed, RowsForm):
    """The form of a snippet that a workflow publishes."""


class ReviewedPageForm(CompleteWhileReviewed, RowsPageForm):
    """The form of a page."""

"""What the forms of the editor have in common."""

from copy import copy
from typing import Any

from django import forms
from django.db.models import Model, UniqueConstraint
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from nelis.core import change_log
from nelis.core.models.change_log import ChangeNote

# What the mixins below stand before, for those who read and check types.
Form: Any = object

__all__ = ["ReviewedForm", "ReviewedPageForm", "UniqueRowsForm", "UniqueRowsPageForm"]


class UniqueRowsMixin:
    """Rows that belong to a thing, each different from the others, may change places in one saving.

    Rows are saved one by one, so a row that becomes what the next one still is would break the rule
    that keeps them apart. A row that becomes another is therefore taken out and put in anew.
    """

    instance: Any
    formsets: dict[str, Any]

    def save(self, commit: bool = True) -> Any:
        """Save the thing and its rows."""
        for name, formset in self.formsets.items():
            identity = unique_row_fields(formset.model, formset.fk.name)
            for form in formset.forms:
                if form.instance.pk and identity.intersection(form.changed_data):
                    getattr(self.instance, name).remove(copy(form.instance))
                    form.instance.pk = None
        return super().save(commit=commit)  # type: ignore[misc]


def unique_row_fields(model: type[Model], parent: str) -> set[str]:
    """The fields of a row that tell it from the other rows of its ``parent``."""
    return {
        field
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and parent in constraint.fields
        for field in constraint.fields
    } - {parent}


class CompleteInReviewMixin:
    """A draft may be saved with gaps, but not while it is under review.

    It was complete when it was handed in, and what the last step approves goes live as it is.
    """

    instance: Any

    def defer_required_fields(self) -> None:
        """Let required fields be empty, unless a workflow is running."""
        if not (self.instance.pk and self.instance.workflow_in_progress):
            super().defer_required_fields()  # type: ignore[misc]


class ChangeNoteMixin(Form):
    """Asks, before a change to something readers see already is published, what changed and why.

    A draft may be saved without an answer, and keeps a half-written one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A page that isn't saved yet takes itself to be live.
        if not (self.instance.pk and self.instance.live):
            del self.fields["change_kind"], self.fields["change_note"]
        elif waiting := change_log.pending_note(self.instance):
            self.initial |= {"change_kind": waiting.kind, "change_note": waiting.note}

    def clean(self) -> dict[str, Any]:
        """Everything else, then the note: any change but a minor one has one."""
        cleaned: dict[str, Any] = super().clean()
        kind, note = cleaned.get("change_kind"), cleaned.get("change_note")
        if kind and kind != ChangeNote.Kind.MINOR and not note and not self.is_deferred_validation:
            self.add_error(
                "change_note", "Say in a sentence what changed and why. Readers see it in the list of changes."
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Hand the note to the thing, which saves it with its next revision."""
        if "change_kind" in self.fields:
            self.instance.pending_change_note = change_log.NoteData(
                self.cleaned_data["change_kind"], self.cleaned_data["change_note"]
            )
        return super().save(commit=commit)


def change_kind_field() -> forms.ChoiceField:
    """The choice of what readers are told; none is made beforehand."""
    return forms.ChoiceField(
        label="Readers are told of",
        choices=ChangeNote.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how readers are told of this change."},
    )


def change_note_field() -> forms.CharField:
    """The sentence itself."""
    return forms.CharField(label="What changed and why", max_length=200, required=False)


class UniqueRowsForm(UniqueRowsMixin, WagtailAdminModelForm):
    """The form of a snippet, with its rows."""


class UniqueRowsPageForm(UniqueRowsMixin, WagtailAdminPageForm):
    """The form of a page, with its rows."""


class ReviewedForm(ChangeNoteMixin, CompleteInReviewMixin, UniqueRowsForm):
    """The form of a snippet that a workflow publishes."""

    change_kind = change_kind_field()
    change_note = change_note_field()


class ReviewedPageForm(ChangeNoteMixin, CompleteInReviewMixin, UniqueRowsPageForm):
    """The form of a page."""

    change_kind = change_kind_field()
    change_note = change_note_field()

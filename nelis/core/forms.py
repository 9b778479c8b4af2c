"""The base forms of the editor: rows that may swap places, reviews without gaps, and the note on a change."""

from copy import copy
from typing import Any

from django import forms
from django.db.models import Model, TextChoices, UniqueConstraint
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from nelis.core.edit_conflicts import SeenMixin
from nelis.core.page_addresses import PageAddressMixin, PermanentFieldsMixin

# The base of a form mixin, for the type checker.
Form: Any = object

CHANGE_HEADING = "What changed"


class NoteKind(TextChoices):
    """What readers are told of a change."""

    CONTENT = "content", "A change of substance"
    CORRECTION = "correction", "A correction: something published was wrong"
    MINOR = "minor", "Minor, not logged: spelling, layout, links"


class UniqueRowsMixin:
    """Let the unique rows of an inline panel swap values in one save.

    Rows are saved one by one, so a row that takes the value of the next one would break the unique constraint.
    A row whose unique fields changed is therefore deleted and created anew.
    """

    instance: Any
    formsets: dict[str, Any]

    def save(self, commit: bool = True) -> Any:
        for name, formset in self.formsets.items():
            unique_fields = unique_row_fields(formset.model, formset.fk.name)
            for form in formset.forms:
                if form.instance.pk and unique_fields.intersection(form.changed_data):
                    getattr(self.instance, name).remove(copy(form.instance))
                    form.instance.pk = None
        return super().save(commit=commit)  # type: ignore[misc]


def unique_row_fields(model: type[Model], parent: str) -> set[str]:
    """Return the fields that must differ between the rows of one ``parent``."""
    return {
        field
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and parent in constraint.fields
        for field in constraint.fields
    } - {parent}


class CompleteInReviewMixin:
    """Refuse to save a draft with gaps while it is under review.

    It was complete when it was submitted, and what the last step approves goes live as it is.
    """

    instance: Any

    def defer_required_fields(self) -> None:
        if not (self.instance.pk and self.instance.workflow_in_progress):
            super().defer_required_fields()  # type: ignore[misc]


class ChangeNoteMixin(Form):
    """Ask what changed and why before a change to published content is published.

    A draft may be saved without an answer, and keeps a half-written one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Wagtail sets ``live`` on a page that isn't saved yet.
        if not (self.instance.pk and self.instance.live):
            del self.fields["change_kind"], self.fields["change_note"]
        elif note := self.instance.latest_draft_note():
            self.initial |= {"change_kind": note.kind, "change_note": note.note}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        kind, note = cleaned.get("change_kind"), cleaned.get("change_note")
        if kind and kind != NoteKind.MINOR and not note and not self.is_deferred_validation:
            self.add_error(
                "change_note", "Say in a sentence what changed and why. Readers see it in the list of changes."
            )
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if "change_kind" in self.fields:
            self.instance.set_change_note(self.cleaned_data["change_kind"], self.cleaned_data["change_note"])
        return super().save(commit=commit)


def change_kind_field() -> forms.ChoiceField:
    """Return the field for the kind of change; nothing is preselected."""
    return forms.ChoiceField(
        label="Readers are told of",
        choices=NoteKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how readers are told of this change."},
    )


def change_note_field() -> forms.CharField:
    """Return the field for the sentence on the change."""
    return forms.CharField(label="What changed and why", max_length=200, required=False)


def change_panel() -> MultiFieldPanel:
    """Return the panel of the two fields. It is empty for content that isn't published yet."""
    return MultiFieldPanel(
        [
            FieldPanel(
                "change_kind",
                widget=forms.RadioSelect,
                help_text="Asked when the change is published or handed in for review. A change of substance and a "
                "correction stand in the public list of changes.",
            ),
            FieldPanel("change_note", help_text="One sentence for readers: what is different now, and why."),
        ],
        CHANGE_HEADING,
    )


class UniqueRowsForm(SeenMixin, PermanentFieldsMixin, UniqueRowsMixin, WagtailAdminModelForm):
    """The base form of a snippet, and of the site settings."""


class UniqueRowsPageForm(SeenMixin, PageAddressMixin, UniqueRowsMixin, WagtailAdminPageForm):
    """The base form of a page."""


class ReviewedForm(ChangeNoteMixin, CompleteInReviewMixin, UniqueRowsForm):
    """The form of a snippet that is published by a workflow."""

    change_kind = change_kind_field()
    change_note = change_note_field()


class ReviewedPageForm(ChangeNoteMixin, CompleteInReviewMixin, UniqueRowsPageForm):
    """The form of a page, all of which are published by a workflow."""

    change_kind = change_kind_field()
    change_note = change_note_field()


class DraftCopyForm(CopyForm):
    """The form that copies a page. A copy is a draft: it goes through the review as every page does.

    Wagtail would also publish the copies, without a note or an entry in the list of changes, and make aliases, which
    repeat a page, its reference included, at another address.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)

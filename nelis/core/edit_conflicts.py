"""Somebody else saved while a form was open: how a form tells, and what it then shows.

A form keeps what it was opened on in a hidden field. Where the object is another by the time of saving, nothing is
saved: the page comes back with what was typed, and with both texts wherever they differ. Saved once more, what was
typed takes the place of the other.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.text import capfirst
from wagtail.admin.panels import Panel
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea
from wagtail.admin.utils import get_user_display_name
from wagtail.blocks import StreamValue
from wagtail.log_actions import registry as log_registry

from nelis.core.richtext import plain_text
from nelis.core.workflow import comparable

__all__ = ["ConflictPanel", "EditConflict", "SeenMixin", "form_signature", "report_conflict"]

#: Rows that aren't content: comments are saved by themselves.
NOT_COMPARED = {"comments"}
#: Fields that a formset adds to each row.
ROW_FIELDS = {"DELETE", "ORDER"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or the rows of one relation, as somebody else saved it and as it was typed."""

    label: str
    theirs: list[str]
    mine: list[str]


@dataclass(frozen=True, slots=True)
class EditConflict:
    """Who saved meanwhile, and where the two differ."""

    message: str
    differences: list[Difference] = field(default_factory=list)


def report_conflict(form: Any, theirs: Any, message: str = "") -> None:
    """Add the conflict to ``form``, which was typed; ``theirs`` is the same form of what is saved by now.

    Without a ``message``, it is the one for what Wagtail's history knows of.
    """
    conflict = EditConflict(message or conflict_message(theirs.instance), list(differences(theirs, form)))
    form.edit_conflict = conflict
    form.add_error(NON_FIELD_ERRORS, conflict.message)
    if "seen" in form.fields:
        # Whoever saves once more knows.
        form.data = form.data.copy()
        form.data[form.add_prefix("seen")] = theirs["seen"].value()


def conflict_message(saved: Any) -> str:
    """Say who saved ``saved`` and when, and that nothing is lost."""
    entry = log_registry.get_logs_for_instance(saved).select_related("user").first()
    who = get_user_display_name(entry.user) if entry and entry.user else "Somebody else"
    when = f" on {date_format(timezone.localtime(entry.timestamp), 'j F Y, H:i')}" if entry else ""
    return (
        f"{who} changed it{when}, after you opened it. Nothing of yours is saved yet; what you typed is still below. "
        "Compare the two. If you save again, yours takes its place."
    )


# --- Comparing forms -------------------------------------------------------------------------------


def shown_fields(form: Any) -> Iterator[tuple[str, forms.Field]]:
    """Yield the fields of ``form`` that somebody fills in."""
    return (
        (name, shown) for name, shown in form.fields.items() if not shown.widget.is_hidden and name not in ROW_FIELDS
    )


def row_sets(form: Any) -> Iterator[tuple[str, Any]]:
    """Yield the formsets of ``form`` that hold content, by name."""
    return ((name, rows) for name, rows in getattr(form, "formsets", {}).items() if name not in NOT_COMPARED)


def remaining_rows(rows: Any) -> list[Any]:
    """Return the forms of a formset that somebody filled in and didn't delete, in their order."""
    filled = [row for row in rows.forms if row.instance.pk or row.has_changed()]
    kept = [row for row in filled if "DELETE" not in row.fields or not row["DELETE"].value()]
    return sorted(kept, key=lambda row: int(row["ORDER"].value() or 0)) if rows.can_order else kept


def form_signature(form: Any) -> str:
    """Return the hash of everything that ``form``, of a saved object, shows."""
    return sha256(json.dumps(stored_values(form), default=str).encode()).hexdigest()


def stored_values(form: Any) -> list[Any]:
    values: list[Any] = [[name, stored_value(form[name])] for name, _field in shown_fields(form)]
    for name, rows in row_sets(form):
        values.append([name, [stored_values(row) for row in remaining_rows(rows)]])
    return values


def stored_value(bound: forms.BoundField) -> Any:
    value = bound.field.prepare_value(bound.initial)
    if isinstance(value, StreamValue):
        return value.get_prep_value()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(str(part) for part in value)
    return str(value)


def differences(theirs: Any, mine: Any) -> Iterator[Difference]:
    """Yield where two forms for the same object differ: what is saved by now, and what was typed."""
    for name, shown in shown_fields(theirs):
        if name in mine.fields and is_changed(shown, theirs[name].initial, mine[name].data):
            yield Difference(str(mine[name].label), shown_text(theirs[name]), shown_text(mine[name]))
    for name, rows in row_sets(theirs):
        texts = [[row_text(row) for row in remaining_rows(of)] for of in (rows, mine.formsets[name])]
        if texts[0] != texts[1]:
            yield Difference(str(capfirst(rows.model._meta.verbose_name_plural)), texts[0], texts[1])


def is_changed(shown: forms.Field, theirs: Any, mine: Any) -> bool:
    """Return whether a field says something else, whatever keys the text editor gave to its paragraphs."""
    if isinstance(theirs, StreamValue) and isinstance(mine, StreamValue):
        return bool(comparable(theirs.get_prep_value()) != comparable(mine.get_prep_value()))
    if isinstance(shown.widget, DraftailRichTextArea):
        return bool(comparable(str(theirs or "")) != comparable(str(mine or "")))
    return shown.has_changed(theirs, mine)


def row_text(row: Any) -> str:
    """Return what a row of a formset says, with the rows below it, on one line."""
    texts = [row_part(row[name]) for name, _field in shown_fields(row)]
    texts += [row_text(inner) for _name, rows in row_sets(row) for inner in remaining_rows(rows)]
    return " · ".join(text for text in texts if text)


def row_part(bound: forms.BoundField) -> str:
    """Return what a field of a row says: of a box its label, if it is ticked."""
    if isinstance(bound.field, forms.BooleanField):
        return str(bound.label) if bound.value() else ""
    return " ".join(shown_text(bound))


def shown_text(bound: forms.BoundField) -> list[str]:
    """Return what a field says, in lines of plain text."""
    value: Any = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return ["Yes" if value else "No"]
    if value in (None, "", []):
        return []
    if isinstance(value, StreamValue) or isinstance(bound.field.widget, DraftailRichTextArea):
        return [plain_text(value)]
    if isinstance(bound.field, forms.ModelChoiceField):
        keys = value if isinstance(bound.field, forms.ModelMultipleChoiceField) else [value]
        offered: Any = bound.field.queryset
        return [str(thing) for thing in offered.filter(pk__in=[key for key in keys if str(key).isdecimal()])]
    if isinstance(bound.field, forms.ChoiceField):
        labels: Any = bound.field.choices
        return [str(dict(labels).get(value, value))]
    return [str(bound.field.widget.format_value(value))]


# --- In the form -----------------------------------------------------------------------------------


class SeenMixin:
    """A form that knows what it was opened on, for objects without revisions. Of others, Wagtail's page says so."""

    instance: Any
    fields: dict[str, forms.Field]
    is_bound: bool
    edit_conflict: EditConflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not hasattr(self.instance, "latest_revision_id"):
            seen = forms.CharField(required=False, widget=forms.HiddenInput)
            seen.initial = "" if self.is_bound else self.loaded_state()
            self.fields["seen"] = seen

    def loaded_state(self) -> str:
        """Return what tells this state of the object from any other."""
        return form_signature(self)


class ConflictPanel(Panel):
    """Both texts, above the form, when somebody else saved meanwhile; nothing otherwise."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/core/edit_conflict.html"

        def is_shown(self) -> bool:
            return bool(getattr(self.form, "edit_conflict", None))

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {
                "conflict": self.form.edit_conflict,
                "address": self.request.path,
            }

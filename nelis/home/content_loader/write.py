"""One plan written to the database: its fields, its children, its first or next revision."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.models import DraftStateMixin, Orderable, Page, RevisionMixin

from nelis.core.fields import StreamField
from nelis.core.models import ChangeEntry
from nelis.core.models.change_log import NoteData, save_note
from nelis.core.workflow import same_content
from nelis.home.content_loader.fields import content_fields, is_wagtail_model
from nelis.home.content_loader.plan import ObjectValues, Plan
from nelis.home.content_loader.report import ContentError
from nelis.home.content_loader.values import Lookup

__all__ = ["fill_object", "publish", "set_plain_fields"]


def set_plain_fields(plan: Plan, obj: models.Model) -> None:
    """Fill in everything that refers to nothing else, so that a page can be placed in the tree."""
    for name, value in plan.values.fields.items():
        if not hasattr(value, "resolve"):
            setattr(obj, name, value)


def fill_object(plan: Plan, obj: models.Model, lookup: Lookup) -> None:
    """Give ``obj`` exactly what ``plan`` says. A page is saved by ``publish``, anything else here.

    Fields that the plan doesn't name go back to their defaults, so that taking a field out of a file
    takes it off the page. Raises ContentError when the model refuses the result.
    """
    _reset(plan.values, obj)
    _apply(plan.values, obj, lookup)
    try:
        obj.full_clean()
    except ValidationError as error:
        raise ContentError(_problems(plan, error)) from None
    if not isinstance(obj, Page):
        obj.save()


def publish(plan: Plan, obj: models.Model, lookup: Lookup, note: NoteData) -> None:
    """Tie ``obj`` to others of its kind, and begin or continue its history with a live revision.

    ``note`` says what the publication is, for the record of changes.
    """
    for name, refs in plan.values.many.items():
        getattr(obj, name).set([lookup(ref) for ref in refs])
    if isinstance(obj, Page):
        # Pages placed below it since it was fetched are counted in the database only.
        obj.refresh_from_db(fields=["path", "depth", "numchild"])
    if isinstance(obj, RevisionMixin):
        before = obj.live_revision if isinstance(obj, DraftStateMixin) else None
        revision = obj.save_revision()
        if isinstance(obj, DraftStateMixin):
            # A file may change in what no reader sees, such as the order of its entries.
            is_same = before is not None and same_content(before, revision)
            save_note(revision, NoteData(ChangeEntry.Kind.MINOR) if is_same else note)
            revision.publish()


def _apply(values: ObjectValues, obj: models.Model, lookup: Lookup) -> None:
    for name, value in values.fields.items():
        field: Any = obj._meta.get_field(name)
        resolved = value.resolve(lookup) if hasattr(value, "resolve") else value
        if isinstance(field, StreamField):
            setattr(obj, name, field.to_python(resolved))
        else:
            setattr(obj, field.attname, resolved)
    for relation, items in values.children.items():
        children = []
        for number, item in enumerate(items):
            child = item.model(**({"sort_order": number} if issubclass(item.model, Orderable) else {}))
            _apply(item, child, lookup)
            children.append(child)
        setattr(obj, relation, children)


def _reset(values: ObjectValues, obj: models.Model) -> None:
    """Back to the default what the site's own models hold and the plan leaves out."""
    kept = {*values.fields, "slug", "sort_order", "site"}
    for field in content_fields(type(obj)):
        if field.editable and field.name not in kept and not is_wagtail_model(field.model):
            setattr(obj, field.attname, field.get_default())
    for relation in get_all_child_relations(obj):
        name = relation.get_accessor_name()
        if name not in values.children and not is_wagtail_model(relation.related_model):
            setattr(obj, name, [])


def _problems(plan: Plan, error: ValidationError) -> list[Any]:
    messages = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        plan.entry.problem("" if name == NON_FIELD_ERRORS else name, f"otherwise: {message}")
        for name, found in messages.items()
        for message in found
    ]

"""What depends on something, so that it isn't deleted from under others, whether by a form, in bulk or otherwise."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import CASCADE, DO_NOTHING, Model, ProtectedError, QuerySet, RestrictedError
from modelcluster.fields import ParentalKey
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.log_actions import get_active_log_context
from wagtail.models import ReferenceIndex, Site
from wagtail.snippets.models import get_snippet_models

__all__ = [
    *("InUseError", "count_dependants", "in_use_message", "index_sees_all", "is_guarded", "protected_message"),
    "referring_fields",
    "refuse_deletion",
]


class InUseError(ProtectedError):
    """Raised on an attempt to delete something that others depend on. The message says what they are."""


def count_dependants(obj: Model) -> Counter[type[Model]]:
    """Count what depends on ``obj``, by model: what refers to it and isn't part of it. A query for each relation."""
    found: Counter[type[Model]] = Counter()
    for field in referring_fields(obj):
        rows = field.model._base_manager.filter(**{field.name: obj.pk})
        model, number = _subjects(field, rows)
        found[model] += number
    if not +found:
        # What is named in the body text of pages, say.
        for source, _ in ReferenceIndex.get_grouped_references_to(obj):
            found[type(source)] += 1
    return +found


def referring_fields(obj: Model | type[Model]) -> Iterator[Any]:
    """Find the fields of other models that may refer to an object, which then isn't deleted."""
    for relation in obj._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        field: Any = relation.field  # type: ignore[union-attr]  # the reverse of a foreign key has it
        on_delete = field.remote_field.on_delete
        is_part = isinstance(field, ParentalKey) or field.remote_field.parent_link
        is_own_choice = _chooser(field.model) is not None and field.name == _chooser(field.model).m2m_field_name()
        # Wagtail's settings of one user, say, or the sizes of an image, go with it.
        is_bookkeeping = on_delete is CASCADE and (
            field.model._meta.app_label.startswith("wagtail") or issubclass(field.model, AbstractRendition)
        )
        if not (on_delete is DO_NOTHING or is_part or is_own_choice or is_bookkeeping):
            yield field


def _chooser(model: type[Model]) -> Any:
    """Return the many-to-many field whose rows ``model`` holds; None for other models."""
    declaring: Any = model._meta.auto_created
    if not declaring:
        return None
    return next(field for field in declaring._meta.local_many_to_many if field.remote_field.through is model)


def _subjects(field: Any, rows: QuerySet[Any]) -> tuple[type[Model], int]:
    """Return what ``rows`` stand for, and how many: whoever chose, and what the rows are part of."""
    chooser = _chooser(field.model)
    if chooser:
        return chooser.model, rows.count()
    parental = next((other for other in field.model._meta.fields if isinstance(other, ParentalKey)), None)
    if parental:
        return parental.related_model, rows.values(parental.name).distinct().count()
    return field.model, rows.count()


def in_use_message(obj: Model) -> str:
    """Return why ``obj`` can't be deleted, for a member of staff; empty when it can."""
    found = count_dependants(obj)
    if not found:
        return ""
    instead = getattr(obj, "instead_of_deleting", "")
    return f"“{obj}” can’t be deleted. What depends on it: {_in_words(found)}. {instead}".strip()


def protected_message(error: ProtectedError | RestrictedError) -> str:
    """Return what the database refused to delete something for."""
    if isinstance(error, InUseError):
        return str(error.args[0])
    protected = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    return f"Nothing was deleted. What depends on it: {_in_words(Counter(type(row) for row in protected))}."


def _in_words(found: Counter[type[Model]]) -> str:
    return ", ".join(
        f"{number} {model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural}"
        for model, number in found.most_common()
    )


def is_guarded(model: type[Model]) -> bool:
    """Return whether the admin offers to delete objects of ``model``. Pages have rules of their own."""
    return issubclass(model, AbstractImage | AbstractDocument | Group | Site | get_user_model()) or (
        model in get_snippet_models()
    )


def refuse_deletion(sender: type[Model], instance: Model, origin: Any = None, **kwargs: Any) -> None:
    """Refuse to delete what others depend on, in any request to the admin; a signal handler.

    Commands know what they do: their requests have no log context.
    """
    is_asked_for = origin is instance or getattr(origin, "model", None) is sender
    if get_active_log_context().user is None or not is_asked_for or not is_guarded(sender):
        return
    if message := in_use_message(instance):
        raise InUseError(message, {instance})


def index_sees_all(model: type[Model]) -> bool:
    """Return whether Wagtail's index of references knows everything that may depend on an object of ``model``."""
    return all(field.model in ReferenceIndex.tracked_models for field in referring_fields(model))

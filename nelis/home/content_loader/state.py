"""Fingerprints of entries and of the objects they became, to tell whether either has changed."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields

from nelis.home.content_loader.fields import content_fields, is_wagtail_model
from nelis.home.content_loader.plan import Plan

__all__ = ["file_hash", "state_hash"]


def file_hash(plan: Plan) -> str:
    """The fingerprint of an entry as written, and of its place among its siblings."""
    return _digest([plan.path, plan.entry.number, plan.entry.data])


def state_hash(obj: Any) -> str:
    """The fingerprint of ``obj`` as its latest draft has it.

    It changes when somebody edits the object, publishes or not, and when it goes live or off the
    site. Publishing, moving and locking by themselves don't change it; nor does a field or a kind of
    rows that the site's models gained since, while nobody has filled it in.
    """
    many = {name: keys for name, keys in _many(obj).items() if keys}
    return _digest([_filled(_latest(obj)), many, getattr(obj, "live", True)])


def _latest(obj: Any) -> Any:
    return obj.get_latest_revision_as_object() if getattr(obj, "latest_revision_id", None) else obj


def _many(obj: Any) -> dict[str, list[Any]]:
    return {
        field.name: sorted(getattr(obj, field.name).values_list("pk", flat=True))
        for field in obj._meta.many_to_many
        if field.editable
    }


def _filled(obj: Model) -> dict[str, Any]:
    """What somebody has put in: fields that differ from their default, and rows where there are any.

    What a figure takes from its series is put in by nobody.
    """
    computed = getattr(obj, "fields_from_series", ())
    stored = get_serializable_data_for_fields(obj)
    empty = get_serializable_data_for_fields(type(obj)())
    content: dict[str, Any] = {
        field.name: stored[field.name]
        for field in content_fields(type(obj))
        if field.name not in computed and stored[field.name] != empty[field.name]
    }
    for name, rows in _rows(obj).items():
        if rows:
            content[name] = [_filled(row) for row in rows]
    return content


def _rows(obj: Any) -> dict[str, list[Model]]:
    """The rows that belong to ``obj``, by relation. Comments and the like are no content."""
    names = [
        relation.get_accessor_name()
        for relation in get_all_child_relations(obj)
        if not is_wagtail_model(relation.related_model)
    ]
    return {name: list(getattr(obj, name).all()) for name in names}


def _digest(data: Any) -> str:
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

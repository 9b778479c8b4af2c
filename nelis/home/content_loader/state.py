"""Fingerprints of entries and of the objects they became, to tell whether either has changed."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields

from nelis.home.content_loader.own_fields import content_fields, is_wagtails
from nelis.home.content_loader.plan import Plan

__all__ = ["file_hash", "state_hash"]


def file_hash(plan: Plan) -> str:
    """The fingerprint of an entry as written, and of its place among its siblings."""
    return _digest([plan.path, plan.entry.number, plan.entry.data])


def state_hash(obj: Any) -> str:
    """The fingerprint of ``obj`` as its latest draft has it.

    It changes when somebody edits the object, publishes or not, and when it goes live or off the
    site. Publishing, moving and locking by themselves don't change it.
    """
    latest = obj
    if getattr(obj, "latest_revision_id", None):
        latest = obj.get_latest_revision_as_object()
    many = {
        field.name: sorted(getattr(obj, field.name).values_list("pk", flat=True))
        for field in obj._meta.many_to_many
        if field.editable
    }
    return _digest([_content(latest), many, getattr(obj, "live", True)])


def _content(obj: Model) -> dict[str, Any]:
    stored = get_serializable_data_for_fields(obj)
    content = {field.name: stored[field.name] for field in content_fields(type(obj))}
    for relation in get_all_child_relations(obj):
        if not is_wagtails(relation.related_model):  # comments and the like are no content
            name = relation.get_accessor_name()
            content[name] = [_content(child) for child in getattr(obj, name).all()]
    return content


def _digest(data: Any) -> str:
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

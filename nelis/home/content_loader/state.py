"""Fingerprints of entries and of the objects they became, to tell whether either has changed."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields

from nelis.home.content_loader.plan import Plan

__all__ = ["file_hash", "state_hash"]

#: What changes without anybody editing: identity, place in the tree, publication and locking.
_VOLATILE = frozenset(
    """pk id page page_ptr path depth numchild url_path draft_title content_type owner locale
    translation_key alias_of has_unpublished_changes latest_revision live_revision live
    first_published_at last_published_at latest_revision_created_at go_live_at expire_at expired
    locked locked_at locked_by search_description_html""".split()
)


def file_hash(plan: Plan) -> str:
    """The fingerprint of an entry as written, and of its place among its siblings."""
    return _digest([plan.path, plan.entry.number, plan.entry.data])


def state_hash(obj: Model) -> str:
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
    content = get_serializable_data_for_fields(obj)
    content = {name: value for name, value in content.items() if name not in _VOLATILE}
    for relation in get_all_child_relations(obj):
        name = relation.get_accessor_name()
        if relation.related_model._meta.app_label.startswith("wagtail"):
            continue  # comments and the like
        parent = relation.field.name
        content[name] = [
            {key: value for key, value in _content(child).items() if key != parent}
            for child in getattr(obj, name).all()
        ]
    return content


def _digest(data: Any) -> str:
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

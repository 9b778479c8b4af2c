"""Review before publication: who wrote what, what was approved, and what then goes live."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError

__all__ = ["draft_authors", "publish_approved", "restart_review_if_changed", "same_content", "validation_message"]

#: What Wagtail writes into a revision that isn't content: its own bookkeeping, comments beside the text,
#: the page's place in the tree, and the date from which something approved is to be shown.
NOT_CONTENT = frozenset(
    {
        *("wagtail_admin_comments", "latest_revision", "live_revision", "latest_revision_created_at"),
        *("live", "has_unpublished_changes", "first_published_at", "last_published_at", "expired"),
        *("locked", "locked_at", "locked_by", "go_live_at", "draft_title", "owner"),
        *("path", "depth", "numchild", "url_path", "pk"),
    }
)


#: The text editor marks each paragraph, so that comments find it again. In JSON the quotes are escaped.
_EDITOR_KEYS = re.compile(r' data-block-key=\\?"[^"\\]*\\?"')


def same_content(one: Any, other: Any) -> bool:
    """Whether two revisions say the same: they may differ in comments and bookkeeping."""
    return bool(_content(one.content) == _content(other.content))


def _content(value: Any) -> Any:
    # Rows that belong to a page are dictionaries in lists; they get their keys only when published.
    if isinstance(value, dict):
        return {key: _content(part) for key, part in value.items() if key not in NOT_CONTENT}
    if isinstance(value, list):
        return [_content(part) for part in value]
    return _EDITOR_KEYS.sub("", value) if isinstance(value, str) else value


def draft_authors(obj: Any) -> set[int]:
    """The keys of everybody who changed the content of ``obj`` since what is published now."""
    found = set()
    previous = None
    for revision in _since_published(obj):
        if revision.pk == obj.live_revision_id:
            previous = revision
            continue
        if revision.user_id and (previous is None or not same_content(previous, revision)):
            found.add(revision.user_id)
        previous = revision
    return found


def _since_published(obj: Any) -> Iterable[Any]:
    revisions = obj.revisions.order_by("pk")
    return revisions.filter(pk__gte=obj.live_revision_id) if obj.live_revision_id else revisions


def restart_review_if_changed(obj: Any, user: Any = None) -> bool:
    """After ``obj`` was saved in the middle of a review: let the review be of what was saved.

    If only comments were added, the steps taken stand. Otherwise the review begins again, so that
    nothing goes live that not every step has seen. Returns whether it does.
    """
    state = obj.current_workflow_task_state
    if state is None or state.revision_id == obj.latest_revision_id:
        return False
    # Read back: what was just saved still holds dates and numbers that the database keeps as text.
    latest = obj.revisions.get(pk=obj.latest_revision_id)
    if same_content(state.revision, latest):
        # Only approvals of these very words: those of an earlier wording stay with it.
        for approved in state.workflow_state.task_states.filter(revision=state.revision, status=state.STATUS_APPROVED):
            approved.copy(update_attrs={"revision": latest})
        state.revision = latest
        state.save(update_fields=["revision"])
        return False
    state.cancel(user=user)
    return True


def validation_message(obj: Any) -> str:
    """Why ``obj`` as it stands can't be published, in words for an editor; empty when it can."""
    try:
        obj.full_clean()
    except ValidationError as error:
        named = getattr(error, "message_dict", None) or {"": error.messages}
        return " ".join(f"{field_name(obj, field)}{' '.join(said)}" for field, said in named.items())
    return ""


def field_name(obj: Any, field: str) -> str:
    """What editors call a field, before what is said about it."""
    try:
        return f"{obj._meta.get_field(field).verbose_name}: ".capitalize()
    except FieldDoesNotExist:
        return ""


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what the last step of a workflow approved. Its approval is the permission.

    Nobody but administrators may publish past the workflow, so Wagtail's own finish, which asks the
    last approver for that permission, would stop every workflow at its end.
    """
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)

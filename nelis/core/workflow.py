"""Review before publication: who wrote what, what was approved, and what then goes live."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils import timezone

__all__ = [
    "comparable",
    "draft_authors",
    "publish_approved",
    "restart_review_if_changed",
    "same_content",
    "validation_message",
]

#: Fields of a revision that aren't content: Wagtail's own state, comments, the place in the page tree, and the date
#: from which something approved is to be shown.
NOT_CONTENT = frozenset(
    {
        *("wagtail_admin_comments", "latest_revision", "live_revision", "latest_revision_created_at"),
        *("live", "has_unpublished_changes", "first_published_at", "last_published_at", "expired"),
        *("locked", "locked_at", "locked_by", "go_live_at", "draft_title", "owner"),
        *("path", "depth", "numchild", "url_path", "pk"),
    }
)

#: The text editor's key of each paragraph, to which comments are attached. In JSON the quotes are escaped.
_EDITOR_KEYS = re.compile(r' data-block-key=\\?"[^"\\]*\\?"')


def same_content(one: Any, other: Any) -> bool:
    """Return whether two revisions have the same content, whatever their comments and state."""
    return bool(comparable(one.content) == comparable(other.content))


def comparable(value: Any) -> Any:
    """Return stored content without what isn't content: state, comments, and the editor's keys of paragraphs."""
    # Child objects are dictionaries in lists; they get their primary keys only when published.
    if isinstance(value, dict):
        return {key: comparable(part) for key, part in value.items() if key not in NOT_CONTENT}
    if isinstance(value, list):
        return [comparable(part) for part in value]
    return _EDITOR_KEYS.sub("", value) if isinstance(value, str) else value


def draft_authors(obj: Any) -> set[int]:
    """Return the primary keys of all users who changed the content of ``obj`` since its live revision."""
    authors = set()
    previous = None
    for revision in _revisions_since_live(obj):
        is_live = revision.pk == obj.live_revision_id
        if not is_live and revision.user_id and (previous is None or not same_content(previous, revision)):
            authors.add(revision.user_id)
        previous = revision
    return authors


def _revisions_since_live(obj: Any) -> Iterable[Any]:
    revisions = obj.revisions.order_by("pk")
    return revisions.filter(pk__gte=obj.live_revision_id) if obj.live_revision_id else revisions


def restart_review_if_changed(obj: Any, user: Any = None) -> bool:
    """Bring a running review of ``obj`` to its latest revision; return whether it was restarted.

    If only comments were added, the approvals stand. Otherwise the review restarts, so that nothing goes live that
    not every step has seen.
    """
    state = obj.current_workflow_task_state
    if state is None or state.revision_id == obj.latest_revision_id:
        return False
    # Read back: in memory it still holds dates and numbers that the database stores as text.
    latest = obj.revisions.get(pk=obj.latest_revision_id)
    if same_content(state.revision, latest):
        # Only approvals of this very wording.
        for approved in state.workflow_state.task_states.filter(revision=state.revision, status=state.STATUS_APPROVED):
            approved.copy(update_attrs={"revision": latest})
        state.revision = latest
        state.save(update_fields=["revision"])
        return False
    state.cancel(user=user)
    return True


def validation_message(obj: Any) -> str:
    """Return why ``obj`` can't be published as it is, for an editor; empty when it can."""
    try:
        obj.full_clean()
    except ValidationError as error:
        messages = getattr(error, "message_dict", None) or {"": error.messages}
        return " ".join(f"{field_label(obj, field)}{' '.join(texts)}" for field, texts in messages.items())
    expire_at = getattr(obj, "expire_at", None)
    if expire_at and expire_at <= timezone.now():
        return "The time from which it shouldn’t be on the site any more has passed. Change it under “Set schedule”."
    return ""


def field_label(obj: Any, field: str) -> str:
    """Return the field's label with a colon; empty for errors of no single field."""
    try:
        return f"{obj._meta.get_field(field).verbose_name}: ".capitalize()
    except FieldDoesNotExist:
        return ""


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what the last step of a workflow approved, without a further permission.

    Only administrators may publish past the workflow, so Wagtail's own finish, which asks the last approver for that
    permission, would stop every workflow at its end.
    """
    workflow_state.current_task_state.revision.publish(user=user, skip_permission_checks=True)
    # What is mailed about it says whether it is public by now.
    workflow_state.content_object.refresh_from_db()

"""Approval by somebody else than the author."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState, WorkflowMixin

from nelis.core import change_log, workflow
from nelis.core.change_log import NoteData
from nelis.core.forms import ReviewedForm
from nelis.core.models.change_log import ChangeEntry

__all__ = ["IndependentApprovalTask", "ReviewedMixin", "ReviewedRevisionsMixin"]


class IndependentApprovalTask(AbstractGroupApprovalTask):
    """Approval by a member of the chosen groups who neither asked for it nor wrote any of it.

    Superusers are held to the same rule: nobody approves their own work.
    """

    class Meta:
        verbose_name = "approval by somebody else"
        verbose_name_plural = "approvals by somebody else"

    def is_own_work(self, obj: Any, user: Any) -> bool:
        """Whether ``user`` started the running workflow on ``obj`` or changed it since it was published."""
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return True
        return user.pk in workflow.draft_authors(obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        actions = super().get_actions(obj, user)
        if actions and self.is_own_work(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Acts on ``task_state``, refusing an approval of one's own work even when posted by hand."""
        if action_name != "approve":
            return super().on_action(task_state, user, action_name, **kwargs)
        obj = task_state.revision.content_object
        # Saving and approving can come in one request, so what was saved counts.
        if self.is_own_work(obj, user):
            return None
        if not self.get_actions(obj, user):
            raise PermissionDenied
        if workflow.restart_review_if_changed(obj, user):
            # It was changed since this step began, so the review begins again.
            return None
        task_state.refresh_from_db()
        if faults := workflow.validation_message(task_state.revision.as_object()):
            # It was complete when it was handed in; meanwhile, say, somebody else took its reference.
            return super().on_action(task_state, user, "reject", comment=f"It can’t be published as it is. {faults}")
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups can approve, except of their own work"


class ChangeLogMixin(models.Model):
    """Something whose every publication is written down, with what its editor said about the change."""

    #: What the editor says about the draft at hand (a ``Note``); saved with the next revision.
    pending_change_note: NoteData | None = None
    live: bool

    class Meta:
        abstract = True

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision, and with it the note on the change."""
        saved: Revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]  # a mixin, as below
        if self.pending_change_note is not None:
            change_log.save_note(saved, self.pending_change_note)
            self.pending_change_note = None
        return saved

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish ``revision``, and all that follows from it with it or nothing at all."""
        # The views of the editor, which don't come this way, open a transaction of their own.
        with transaction.atomic():
            super().publish(revision, *args, **kwargs)  # type: ignore[misc]

    def after_publish(self, entry: ChangeEntry) -> None:
        """Called when this went live, in the same transaction, with what was written down."""


class ReviewedRevisionsMixin(ChangeLogMixin):
    """Something whose revisions stay as they are once a step of a workflow has been shown them."""

    class Meta:
        abstract = True

    def save_revision(self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any) -> Revision:
        """Save a revision; a new one where the one to overwrite is, or was, under review."""
        if overwrite_revision and TaskState.objects.filter(revision=overwrite_revision).exists():
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)


class ReviewedMixin(ReviewedRevisionsMixin, WorkflowMixin):
    """A snippet that is published by a workflow."""

    base_form_class = ReviewedForm

    class Meta:
        abstract = True

"""Review before publication: the approval task, and the mixins of models that are reviewed and logged."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState, WorkflowMixin

from nelis.core import workflow
from nelis.core.forms import ReviewedForm
from nelis.core.models.change_log import ChangeNote, NoteData, latest_note, save_note


class IndependentApprovalTask(AbstractGroupApprovalTask):
    """Approval by a member of the chosen groups who neither submitted the draft nor wrote any of it.

    The same goes for superusers: nobody approves their own work.
    """

    class Meta:
        verbose_name = "approval by somebody else"
        verbose_name_plural = "approvals by somebody else"

    def is_own_work(self, obj: Any, user: Any) -> bool:
        """Return whether ``user`` started the workflow on ``obj`` or changed it since it was published."""
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
        """Act on ``task_state``; refuse the approval of one's own work even when it is posted by hand."""
        if action_name != "approve":
            return super().on_action(task_state, user, action_name, **kwargs)
        obj = task_state.revision.content_object
        # One request can save and approve: the draft as saved counts.
        if self.is_own_work(obj, user):
            return None
        if not self.get_actions(obj, user):
            raise PermissionDenied
        if workflow.restart_review_if_changed(obj, user):
            # It was changed since this step began.
            return None
        task_state.refresh_from_db()
        if message := workflow.validation_message(task_state.revision.as_object()):
            # It was valid when it was submitted; meanwhile, say, somebody else took its reference.
            return super().on_action(task_state, user, "reject", comment=f"It can’t be published as it is. {message}")
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups can approve, except of their own work"


class ChangeLogMixin(models.Model):
    """Log every publication, with the editor's note on the change."""

    #: The editor's note on the current draft; saved with the next revision.
    pending_change_note: NoteData | None = None
    live: bool

    class Meta:
        abstract = True

    def set_change_note(self, kind: str, text: str) -> None:
        """Keep the editor's note for the next revision."""
        self.pending_change_note = NoteData(kind, text)

    def latest_draft_note(self) -> ChangeNote | None:
        """Return the latest note on the unpublished draft, if there is one."""
        obj: Any = self
        return latest_note(obj, obj.live_revision_id, obj.latest_revision_id)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision and the note on it."""
        revision: Revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]  # a mixin, as below
        if self.pending_change_note is not None:
            save_note(revision, self.pending_change_note)
            self.pending_change_note = None
        return revision

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish ``revision`` in a transaction with all that follows from it."""
        # The editor's views open a transaction of their own.
        with transaction.atomic():
            super().publish(revision, *args, **kwargs)  # type: ignore[misc]


class ReviewedRevisionsMixin(ChangeLogMixin):
    """Keep revisions as they are once they are or were under review; preview what was never saved."""

    class Meta:
        abstract = True

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        """Serve a preview, also of something new: what belongs to it is looked up by a key that nothing has.

        Without one, related managers raise an error, and filters find what belongs to nothing at all.
        """
        obj: Any = self
        if obj.pk is None:
            obj.id = obj.pk = 0
        return super().serve_preview(request, mode_name)  # type: ignore[misc]  # a mixin, as above

    def save_revision(self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any) -> Revision:
        """Save a revision; a new one instead of overwriting one that is or was under review."""
        if overwrite_revision and TaskState.objects.filter(revision=overwrite_revision).exists():
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)


class ReviewedMixin(ReviewedRevisionsMixin, WorkflowMixin):
    """A snippet that is published by a workflow."""

    base_form_class = ReviewedForm

    class Meta:
        abstract = True

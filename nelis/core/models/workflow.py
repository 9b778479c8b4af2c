"""Approval by somebody else than the author."""

from typing import Any

from wagtail.models import AbstractGroupApprovalTask, TaskState

__all__ = ["IndependentApprovalTask"]


class IndependentApprovalTask(AbstractGroupApprovalTask):
    """Approval by a member of the chosen groups who neither asked for it nor wrote the revision.

    Administrators are held to the same rule: nobody approves their own work.
    """

    def is_own_work(self, obj: Any, user: Any) -> bool:
        """Whether ``user`` started the running workflow on ``obj`` or wrote its latest revision."""
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return True
        revision = obj.get_latest_revision()
        return revision is not None and revision.user_id == user.pk

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        actions = super().get_actions(obj, user)
        if self.is_own_work(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> None:
        """Refuses an approval of one's own work even when it is posted by hand."""
        obj = task_state.revision.content_object
        if action_name == "approve" and self.is_own_work(obj, user):
            return
        super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "Members of the chosen groups can approve, except of their own work"

    class Meta:
        verbose_name = "approval by somebody else"
        verbose_name_plural = "approvals by somebody else"

"""Work in review: what waits for whoever looks, what they handed in, and their drafts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, TaskState, WorkflowState
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import get_snippet_models

from engagement.bulletins.models import Bulletin, BulletinEvent
from engagement.bulletins.review import APPROVE, AUTHORING_ACTIONS
from engagement.feedback.analysis.permissions import READ_RESPONSES
from engagement.feedback.models import FeedbackRound, Response
from nelis.staff.dashboard.parts import MAX_LISTED, DashboardPart, Row, edit_url, title_of

__all__ = ["DraftsPart", "HandedInPart", "WaitingPart"]

#: How long something that was decided is still listed.
DECIDED_SINCE = timedelta(days=7)
#: How long a step of a review may take before those who can end it hear of it.
STUCK_AFTER = timedelta(days=7)


class WaitingPart(DashboardPart):
    """What somebody has to decide or to check. Never what they wrote or handed in themselves."""

    name = "waiting"
    title = "Waits for you"
    empty = "Nothing waits for you."
    order = 10

    def rows(self) -> Iterator[Row]:
        yield from self.in_review()
        yield from self.stuck()
        yield from self.bulletins()
        yield from self.responses()

    def in_review(self) -> Iterator[Row]:
        """Pages, figures and other things in a step that somebody may decide on."""
        states = (
            TaskState.objects.reviewable_by(self.user)
            .exclude(workflow_state__requested_by=self.user)
            .exclude(revision__user=self.user)
            .select_related("task", "revision", "workflow_state__requested_by")
            .prefetch_related("revision__content_object")
            .order_by("started_at")
        )
        for state in states:
            obj = state.revision.content_object
            if obj is not None:
                by = state.workflow_state.requested_by
                handed_in = f"Handed in by {by.get_full_name() or by.get_username()}" if by else "Handed in"
                yield Row(title_of(obj), edit_url(obj), state.task.name, handed_in, state.started_at)

    def stuck(self) -> Iterator[Row]:
        """Reviews in which nobody has decided for long, for those who may end them."""
        if not page_permission_policy.user_has_permission(self.user, "publish"):
            return
        states = (
            WorkflowState.objects.filter(
                status=WorkflowState.STATUS_IN_PROGRESS,
                current_task_state__started_at__lt=timezone.now() - STUCK_AFTER,
            )
            .exclude(requested_by=self.user)
            .select_related("current_task_state__task")
            .prefetch_related("content_object")
            .order_by("current_task_state__started_at")
        )
        for state in states[: MAX_LISTED + 1]:
            if state.content_object is not None:
                url = reverse("staff_end_review", args=[state.pk])
                step = state.current_task_state
                yield Row(f"Stuck: {title_of(state.content_object)}", url, step.task.name, "Since", step.started_at)

    def bulletins(self) -> Iterator[Row]:
        """Bulletins that somebody may approve."""
        if not self.user.has_perm(APPROVE):
            return
        # Never one's own, by the coarser rule: the page of the bulletin has the exact one.
        written = BulletinEvent.objects.filter(by=self.user, action__in=(*AUTHORING_ACTIONS, "submitted"))
        waiting = Bulletin.objects.filter(state=Bulletin.State.IN_REVIEW).exclude(author=self.user)
        waiting = waiting.exclude(pk__in=written.values("bulletin"))
        for bulletin in waiting.only("pk", "subject", "kind", "changed_at").order_by("changed_at"):
            url = reverse("bulletin_dashboard", args=[bulletin.pk])
            yield Row(
                f"Bulletin: {bulletin.subject}", url, "To approve", bulletin.get_kind_display(), bulletin.changed_at
            )

    def responses(self) -> Iterator[Row]:
        """Responses that are coded and not yet checked, by round."""
        if not self.user.has_perm(READ_RESPONSES):
            return
        coded = Count("responses", filter=Q(responses__state=Response.State.CODED))
        for round_ in FeedbackRound.objects.annotate(to_check=coded).filter(to_check__gt=0).order_by("pk"):
            url = f"{reverse('feedback_responses', args=[round_.pk])}?state={Response.State.CODED}"
            yield Row(f"Responses to check: {round_.title}", url, count=round_.to_check)


class HandedInPart(DashboardPart):
    """What somebody handed in, and how far it has come."""

    name = "handed-in"
    title = "You handed in"
    order = 20

    def rows(self) -> Iterator[Row]:
        undecided = Q(status__in=(WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES))
        decided = Q(status=WorkflowState.STATUS_APPROVED, created_at__gte=timezone.now() - DECIDED_SINCE)
        states = (
            WorkflowState.objects.filter(undecided | decided, requested_by=self.user)
            .select_related("current_task_state__task", "current_task_state__finished_by")
            .prefetch_related("content_object")
            .order_by("-created_at")
        )
        for state in states[: MAX_LISTED + 1]:
            if state.content_object is not None:
                yield self.row(state)
        mine = BulletinEvent.objects.filter(by=self.user, action="submitted")
        bulletins = Bulletin.objects.filter(pk__in=mine.values("bulletin"))
        for bulletin in bulletins.exclude(state__in=Bulletin.FINAL_STATES).only("pk", "subject", "state", "changed_at"):
            url = reverse("bulletin_dashboard", args=[bulletin.pk])
            yield Row(f"Bulletin: {bulletin.subject}", url, bulletin.get_state_display(), at=bulletin.changed_at)

    def row(self, state: WorkflowState) -> Row:
        """Return what is handed in, with the step it is in or what was said to it."""
        obj, step = state.content_object, state.current_task_state
        tag, note = "In review", f"Now: {step.task.name}" if step else ""
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            tag, note = "Change asked for", f"“{step.comment}”" if step and step.comment else ""
        elif state.status == WorkflowState.STATUS_APPROVED:
            tag, note = ("Published", "") if obj.live and not obj.has_unpublished_changes else ("Approved", "")
        return Row(title_of(obj), edit_url(obj), tag, note, state.created_at)


class DraftsPart(DashboardPart):
    """What somebody changed last and nobody has published, handed in or not."""

    name = "drafts"
    title = "Your drafts"
    order = 30

    def rows(self) -> list[Row]:
        models = [model for model in get_snippet_models() if issubclass(model, DraftStateMixin)]
        drafts: list[Any] = []
        for model in (Page, *models):
            mine = model._default_manager.filter(has_unpublished_changes=True, latest_revision__user=self.user)
            drafts += mine.select_related("latest_revision").order_by("-latest_revision__created_at")[:MAX_LISTED]
        drafts.sort(key=lambda draft: draft.latest_revision.created_at, reverse=True)
        return [
            Row(
                title_of(draft),
                edit_url(draft),
                "" if draft.live else "Not public",
                at=draft.latest_revision.created_at,
            )
            for draft in drafts[:MAX_LISTED]
        ]

"""From draft to sent: every step a bulletin can take, who may take it, and when.

draft → in review → approved → scheduled → expanding → sending ⇄ paused → completed | exceptions | cancelled. Each step
locks the row, asks again whether it may be taken, and is written down, in one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from engagement.bulletins import delivery_stats
from engagement.bulletins.approval_checks import CheckReport
from engagement.bulletins.models import Bulletin, BulletinEvent, BulletinState, Delivery
from engagement.bulletins.recipients import add_recipients
from engagement.bulletins.snapshot import SnapshotError, content_hash, take_snapshot
from nelis.core.models import ContentVersion

__all__ = [
    "TRANSITIONS",
    "Transition",
    "TransitionError",
    "authors",
    "available_transitions",
    "last_edit",
    "perform",
    "record_creation",
]

APPROVE, SEND, CHANGE = "bulletins.approve_bulletin", "bulletins.send_bulletin", "bulletins.change_bulletin"
#: Steps that make somebody an author of what is approved next.
AUTHORING_ACTIONS = ("created", "edited")


class TransitionError(Exception):
    """Raised when a step can't be taken, with the reason in a sentence for the person who tried."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: its name, what the button says, from which states, who may, and what it does."""

    name: str
    label: str
    sources: tuple[BulletinState, ...]
    #: Any of these will do. None of them: the site itself takes it.
    permissions: tuple[str, ...]
    does: Callable[..., str]
    #: The word it is written down under.
    event: str


def perform(name: str, bulletin: Bulletin, user: Any = None, **details: Any) -> Bulletin:
    """Take the step ``name``; give the bulletin as it is after it. ``user`` is None where the site does it itself.

    Raises PermissionDenied for somebody who may not, RefusedError when it isn't possible (any more).
    """
    step = TRANSITIONS[name]
    if not is_permitted(step, user):
        raise PermissionDenied
    with transaction.atomic():
        locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        if locked.state not in step.sources:
            raise TransitionError(f"It is {locked.get_state_display().lower()} by now, so this can’t be done any more.")
        was_public = locked.is_on_the_web
        note = step.does(locked, user, **details)
        locked.save()
        BulletinEvent.write(locked, step.event, user, note)
        if locked.is_on_the_web != was_public:
            # The archive changed. Bulletins are bookkeeping, and don't renew kept pages by themselves.
            ContentVersion.bump()
    return locked


def is_permitted(step: Transition, user: Any) -> bool:
    """Whether ``user`` has the permission for the step. The site itself may take any."""
    if user is None:
        return True
    return any(user.has_perm(permission) for permission in step.permissions)


def available_transitions(bulletin: Bulletin, user: Any) -> list[Transition]:
    """The steps that ``user`` can take now, but for what only shows when it is tried."""
    return [
        step
        for step in TRANSITIONS.values()
        if step.permissions
        and bulletin.state in step.sources
        and is_permitted(step, user)
        and not is_unavailable(step, bulletin, user)
    ]


def is_unavailable(step: Transition, bulletin: Bulletin, user: Any) -> bool:
    """Whether a step that the state allows is closed to ``user``, or would change nothing."""
    if step.name == "take_off":
        return not bulletin.is_on_the_web
    if step.name == "put_back":
        return bulletin.off_web_at is None
    return is_own_work(step, bulletin, user)


def is_own_work(step: Transition, bulletin: Bulletin, user: Any) -> bool:
    """Whether the step is closed to ``user`` because they wrote what it is about."""
    return step.name == "approve" and user is not None and user.pk in authors(bulletin)


def authors(bulletin: Bulletin) -> set[int]:
    """Who wrote or edited it since the last approval that still stands, or at all if none does: their keys.

    Giving it back ends the approvals before it. Otherwise its author could approve the same words again, with the
    figures and changes of another day.
    """
    events = BulletinEvent.objects.filter(bulletin=bulletin)
    judged = events.filter(action__in=("approved", "given_back")).order_by("-pk").values_list("pk", "action").first()
    since = judged[0] if judged and judged[1] == "approved" else 0
    written = events.filter(action__in=AUTHORING_ACTIONS, pk__gt=since, by__isnull=False)
    found = set(written.values_list("by", flat=True))
    if not since and bulletin.author_id:
        found.add(bulletin.author_id)
    return found


def last_edit(bulletin: Bulletin) -> BulletinEvent | None:
    """When it was last written on, and by whom. None for one that isn't there yet."""
    written = BulletinEvent.objects.filter(bulletin=bulletin.pk, action__in=AUTHORING_ACTIONS)
    return written.select_related("by").order_by("-pk").first()


# --- writing ---------------------------------------------------------------------------------------


def record_creation(bulletin: Bulletin, user: Any = None) -> None:
    """Write down that a new bulletin was saved, in the caller's transaction."""
    BulletinEvent.write(bulletin, "created", user)


def _edit(bulletin: Bulletin, user: Any) -> str:
    """What was approved is not what stands here now."""
    bulletin.state = BulletinState.DRAFT
    _discard_approval(bulletin)
    return ""


def _discard_approval(bulletin: Bulletin) -> None:
    bulletin.frozen, bulletin.content_hash = None, ""
    bulletin.approved_at = bulletin.approved_by = None


def _submit(bulletin: Bulletin, user: Any, note: str = "") -> str:
    bulletin.state = BulletinState.IN_REVIEW
    return note


def _give_back(bulletin: Bulletin, user: Any, note: str = "") -> str:
    if not note:
        raise TransitionError("Say what should change.")
    bulletin.state = BulletinState.DRAFT
    _discard_approval(bulletin)
    return note


def _approve(bulletin: Bulletin, user: Any, shown: str = "") -> str:
    """Freeze what is there, if it is what ``user`` was shown (its hash), and somebody else wrote it."""
    if user is None:
        raise PermissionDenied
    if user.pk in authors(bulletin):
        raise TransitionError("You wrote or edited this, so somebody else has to approve it.")
    try:
        frozen = take_snapshot(bulletin)
    except SnapshotError as unfit:
        raise TransitionError(str(unfit)) from unfit
    hashed = content_hash(frozen)
    if shown != hashed:
        raise TransitionError("It has changed since you were shown it. Look at it again, and then approve it.")
    if faults := CheckReport.of(bulletin, frozen).faults:
        raise TransitionError(f"It can’t be approved as it is. {faults[0].text}")
    bulletin.frozen, bulletin.content_hash = frozen, hashed
    bulletin.approved_at, bulletin.approved_by = timezone.now(), user
    bulletin.state = BulletinState.APPROVED
    return ""


# --- sending ---------------------------------------------------------------------------------------


def _schedule(bulletin: Bulletin, user: Any, moment: datetime | None = None) -> str:
    now = timezone.now()
    moment = moment or now
    if moment < now - timedelta(minutes=5):
        raise TransitionError("That time is past.")
    if not bulletin.frozen or content_hash(bulletin.frozen) != bulletin.content_hash:
        raise TransitionError("What is stored isn’t what was approved. It has to be approved again.")
    bulletin.scheduled_for = moment
    bulletin.state = BulletinState.SCHEDULED
    return f"For {timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _unschedule(bulletin: Bulletin, user: Any) -> str:
    bulletin.scheduled_for = None
    bulletin.state = BulletinState.APPROVED
    return ""


def _begin(bulletin: Bulletin, user: Any) -> str:
    if bulletin.scheduled_for is None or bulletin.scheduled_for > timezone.now():
        raise TransitionError("It isn’t time yet.")
    bulletin.state = BulletinState.PREPARING
    return ""


def _add_recipients(bulletin: Bulletin, user: Any) -> str:
    """The list of recipients is made, and counted, in this transaction."""
    add_recipients(bulletin)
    bulletin.audience = Delivery.objects.filter(bulletin=bulletin).count()
    bulletin.recipients_listed_at = bulletin.started_at = timezone.now()
    bulletin.state = BulletinState.SENDING
    return f"{bulletin.audience} recipients"


def _pause(bulletin: Bulletin, user: Any, reason: str = "") -> str:
    bulletin.state = BulletinState.PAUSED
    bulletin.pause_reason = reason[:200]
    return reason


def _resume(bulletin: Bulletin, user: Any) -> str:
    bulletin.state = BulletinState.SENDING
    bulletin.pause_reason = ""
    return ""


def _cancel(bulletin: Bulletin, user: Any, note: str = "") -> str:
    """What hasn't been handed over stays here."""
    left = delivery_stats.skip_unsent(bulletin, "cancelled")
    if bulletin.started_at is None and bulletin.kind in Bulletin.DIGEST_KINDS:
        # Nobody was told, so the next one tells it. An alert would only be drafted again.
        bulletin.items.all().delete()
    bulletin.completed_at = timezone.now()
    bulletin.state = BulletinState.CANCELLED
    return " ".join(filter(None, [note, f"{left} not sent." if bulletin.audience is not None else ""]))


def _complete(bulletin: Bulletin, user: Any) -> str:
    counts = delivery_stats.DeliveryCounts.of(bulletin)
    if counts.open or counts.total != bulletin.audience:
        raise TransitionError("The ledger isn’t settled yet.")
    bulletin.state = BulletinState.EXCEPTIONS if counts.exceptions else BulletinState.COMPLETED
    bulletin.completed_at = bulletin.completed_at or timezone.now()
    return ""


def _reopen(bulletin: Bulletin, user: Any) -> str:
    """Somebody lets a mail that was in doubt go out again."""
    bulletin.state = BulletinState.SENDING
    return ""


# --- on the web ------------------------------------------------------------------------------------


def _take_off_the_web(bulletin: Bulletin, user: Any, note: str = "") -> str:
    """Its address stays, and says when and why there is nothing to read there."""
    if not bulletin.is_on_the_web:
        raise TransitionError("It isn’t on the web.")
    if not note:
        raise TransitionError("Say why. Whoever follows a link to it is told.")
    bulletin.off_web_at, bulletin.off_web_reason = timezone.now(), note
    return note


def _put_back_on_the_web(bulletin: Bulletin, user: Any) -> str:
    if bulletin.off_web_at is None:
        raise TransitionError("It wasn’t taken off the web.")
    bulletin.off_web_at, bulletin.off_web_reason = None, ""
    return ""


COMPLETED_STATES = (BulletinState.COMPLETED, BulletinState.EXCEPTIONS)


def _transitions() -> Iterable[Transition]:
    draft, review, approved, scheduled = (
        BulletinState.DRAFT,
        BulletinState.IN_REVIEW,
        BulletinState.APPROVED,
        BulletinState.SCHEDULED,
    )
    expanding, sending, paused = BulletinState.PREPARING, BulletinState.SENDING, BulletinState.PAUSED
    yield Transition("edit", "Edit", (draft, review, approved), (CHANGE,), _edit, "edited")
    yield Transition("submit", "Hand in for review", (draft,), (CHANGE,), _submit, "submitted")
    yield Transition("give_back", "Give back to its author", (review, approved), (APPROVE,), _give_back, "given_back")
    yield Transition("approve", "Approve", (review,), (APPROVE,), _approve, "approved")
    yield Transition("schedule", "Schedule", (approved,), (SEND,), _schedule, "scheduled")
    yield Transition("unschedule", "Take off the schedule", (scheduled,), (SEND,), _unschedule, "unscheduled")
    yield Transition("begin", "Begin", (scheduled,), (), _begin, "begun")
    yield Transition("expanded", "Recipients", (expanding,), (), _add_recipients, "expanded")
    yield Transition("pause", "Pause", (sending,), (SEND,), _pause, "paused")
    yield Transition("resume", "Resume", (paused,), (SEND,), _resume, "resumed")
    before_the_end = (draft, review, approved, scheduled, expanding, sending, paused)
    yield Transition("cancel", "Cancel", before_the_end, (SEND,), _cancel, "cancelled")
    yield Transition("complete", "Complete", (sending,), (), _complete, "completed")
    yield Transition("reopen", "Send on", COMPLETED_STATES, (), _reopen, "reopened")
    yield Transition("recount", "Recount", COMPLETED_STATES, (), _complete, "recounted")
    begun = (sending, paused, *Bulletin.FINAL)
    yield Transition("take_off", "Take off the web", begun, (SEND,), _take_off_the_web, "taken_off_the_web")
    yield Transition("put_back", "Put back on the web", begun, (SEND,), _put_back_on_the_web, "put_back_on_the_web")


TRANSITIONS: dict[str, Transition] = {step.name: step for step in _transitions()}

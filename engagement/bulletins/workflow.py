"""The workflow of a bulletin: every transition from draft to sent, who may make it, and what it does.

draft → in review → approved → scheduled → preparing → sending ⇄ paused → completed | exceptions | cancelled: see
``TRANSITIONS`` at the end. Each transition locks the row, checks again that it is allowed, and is recorded as an
event, in one transaction.
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
from engagement.bulletins.review import APPROVE, AUTHORING_ACTIONS, authors, notify_author, notify_reviewers
from engagement.bulletins.snapshot import SnapshotError, content_hash, take_snapshot
from nelis.core.models import ContentVersion

__all__ = [
    "APPROVE",
    "CHANGE",
    "SEND",
    "TRANSITIONS",
    "Transition",
    "TransitionError",
    "authors",
    "available_transitions",
    "has_any_permission",
    "is_own_work",
    "last_edit",
    "perform",
    "record_creation",
]

SEND, CHANGE = "bulletins.send_bulletin", "bulletins.change_bulletin"
#: Nothing more is sent, but reports of providers still come in.
COMPLETED_STATES = (BulletinState.COMPLETED, BulletinState.EXCEPTIONS)


class TransitionError(Exception):
    """Raised when a transition isn't possible, with the reason in a sentence for the person who tried."""


def _keep_note(bulletin: Bulletin, user: Any, note: str = "") -> str:
    return note


def _tell_nobody(event: BulletinEvent) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Transition:
    """One transition: its name, the label of its button, from which states it leads to which, and who may make it."""

    name: str
    label: str
    sources: tuple[BulletinState, ...]
    #: None: it stays in its state, or the action sets the new one.
    target: BulletinState | None
    #: Any of these will do. None of them: only the site itself makes it.
    permissions: tuple[str, ...]
    #: The word it is recorded under.
    event: str
    #: What it does besides: called with the locked bulletin, the user and details; returns the note of the event.
    action: Callable[..., str] = _keep_note
    #: Tells staff of it by email: called with its event.
    notify: Callable[[BulletinEvent], None] = _tell_nobody


def perform(name: str, bulletin: Bulletin, user: Any = None, **details: Any) -> Bulletin:
    """Make the transition ``name``; return the bulletin as it is after it. ``user`` is None where the site does it.

    Raises PermissionDenied for somebody who may not, TransitionError when it isn't possible (any more).
    """
    transition = TRANSITIONS[name]
    if user is not None and not has_any_permission(user, transition.permissions):
        raise PermissionDenied
    with transaction.atomic():
        locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
        if locked.state not in transition.sources:
            raise TransitionError(f"It is {locked.get_state_display().lower()} by now, so this can’t be done any more.")
        was_public = locked.is_on_the_web
        note = transition.action(locked, user, **details)
        if transition.target is not None:
            locked.state = transition.target
        locked.save()
        transition.notify(BulletinEvent.write(locked, transition.event, user, note))
        if locked.is_on_the_web != was_public:
            # The archive changed, and saving a bulletin doesn't renew cached pages by itself.
            ContentVersion.bump()
    return locked


def has_any_permission(user: Any, permissions: Iterable[str]) -> bool:
    """Whether ``user`` has one of these permissions."""
    return any(user.has_perm(permission) for permission in permissions)


def available_transitions(bulletin: Bulletin, user: Any) -> list[Transition]:
    """Return the transitions that ``user`` can make now, as far as it is known before they try."""
    unavailable = {
        "take_off": not bulletin.is_on_the_web,
        "put_back": bulletin.off_web_at is None,
        "approve": is_own_work(bulletin, user),
    }
    return [
        transition
        for transition in TRANSITIONS.values()
        if bulletin.state in transition.sources
        and has_any_permission(user, transition.permissions)
        and not unavailable.get(transition.name)
    ]


def is_own_work(bulletin: Bulletin, user: Any) -> bool:
    """Whether a bulletin waits for an approval that ``user`` can't give, because they wrote or edited it."""
    return bulletin.state == BulletinState.IN_REVIEW and user.pk in authors(bulletin)


def last_edit(bulletin: Bulletin) -> BulletinEvent | None:
    """Return the event of the last time it was written on; None for one that isn't saved yet."""
    edits = BulletinEvent.objects.filter(bulletin=bulletin.pk, action__in=AUTHORING_ACTIONS)
    return edits.select_related("by").order_by("-pk").first()


def record_creation(bulletin: Bulletin, user: Any = None) -> None:
    """Record that a new bulletin was saved, in the caller's transaction."""
    BulletinEvent.write(bulletin, "created", user)


# --- writing ---------------------------------------------------------------------------------------


def _edit(bulletin: Bulletin, user: Any, note: str = "") -> str:
    """What was approved is not what stands here now."""
    bulletin.snapshot, bulletin.content_hash = None, ""
    bulletin.approved_at = bulletin.approved_by = None
    return note


def _give_back(bulletin: Bulletin, user: Any, note: str = "") -> str:
    if not note:
        raise TransitionError("Say what should change.")
    return _edit(bulletin, user, note)


def _approve(bulletin: Bulletin, user: Any, shown: str = "") -> str:
    """Store a snapshot, if its hash is that of what ``user`` was shown, and somebody else wrote it."""
    if user is None:
        raise PermissionDenied
    if user.pk in authors(bulletin):
        raise TransitionError("You wrote or edited this, so somebody else has to approve it.")
    try:
        snapshot = take_snapshot(bulletin)
    except SnapshotError as error:
        raise TransitionError(str(error)) from error
    if shown != content_hash(snapshot):
        raise TransitionError("It has changed since you were shown it. Look at it again, and then approve it.")
    if faults := CheckReport.for_snapshot(bulletin, snapshot).faults:
        raise TransitionError(f"It can’t be approved as it is. {faults[0].text}")
    bulletin.snapshot, bulletin.content_hash = snapshot, shown
    bulletin.approved_at, bulletin.approved_by = timezone.now(), user
    return ""


# --- sending ---------------------------------------------------------------------------------------


def _schedule(bulletin: Bulletin, user: Any, moment: datetime | None = None, people: int | None = None) -> str:
    """``people`` is how many recipients whoever sends it now was shown."""
    now = timezone.now()
    moment = moment or now
    if moment < now - timedelta(minutes=5):
        raise TransitionError("That time is past.")
    if not bulletin.snapshot or content_hash(bulletin.snapshot) != bulletin.content_hash:
        raise TransitionError("What is stored isn’t what was approved. It has to be approved again.")
    bulletin.scheduled_for = moment
    confirmed = "" if people is None else f", confirmed for {people:,} recipient{'' if people == 1 else 's'}"
    return f"For {timezone.localtime(moment):%Y-%m-%d %H:%M}{confirmed}"


def _unschedule(bulletin: Bulletin, user: Any) -> str:
    bulletin.scheduled_for = None
    return ""


def _begin(bulletin: Bulletin, user: Any) -> str:
    if bulletin.scheduled_for is None or bulletin.scheduled_for > timezone.now():
        raise TransitionError("It isn’t time yet.")
    return ""


def _add_recipients(bulletin: Bulletin, user: Any) -> str:
    """Write the deliveries and count them, in this transaction."""
    add_recipients(bulletin)
    bulletin.recipient_count = Delivery.objects.filter(bulletin=bulletin).count()
    bulletin.recipients_listed_at = bulletin.started_at = timezone.now()
    return f"{bulletin.recipient_count} recipients"


def _pause(bulletin: Bulletin, user: Any, note: str = "") -> str:
    bulletin.pause_reason = note[:200]
    return note


def _resume(bulletin: Bulletin, user: Any) -> str:
    bulletin.pause_reason = ""
    return ""


def _cancel(bulletin: Bulletin, user: Any, note: str = "") -> str:
    """Skip every delivery that isn't sent yet."""
    skipped = delivery_stats.skip_unsent(bulletin, "cancelled")
    if bulletin.started_at is None and bulletin.kind in Bulletin.DIGEST_KINDS:
        # Nobody got it, so the next digest reports its items. An alert would only be drafted again.
        bulletin.items.all().delete()
    bulletin.completed_at = timezone.now()
    return " ".join(filter(None, [note, f"{skipped} not sent." if bulletin.recipient_count is not None else ""]))


def _complete(bulletin: Bulletin, user: Any) -> str:
    counts = delivery_stats.DeliveryCounts.of(bulletin)
    if counts.open or counts.total != bulletin.recipient_count:
        raise TransitionError("Not every delivery is settled yet.")
    bulletin.state = BulletinState.EXCEPTIONS if counts.exceptions else BulletinState.COMPLETED
    bulletin.completed_at = bulletin.completed_at or timezone.now()
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


# --- the table -------------------------------------------------------------------------------------


def _transitions() -> Iterable[Transition]:
    draft, review, approved = BulletinState.DRAFT, BulletinState.IN_REVIEW, BulletinState.APPROVED
    scheduled, preparing = BulletinState.SCHEDULED, BulletinState.PREPARING
    sending, paused, cancelled = BulletinState.SENDING, BulletinState.PAUSED, BulletinState.CANCELLED
    before_the_end = (draft, review, approved, scheduled, preparing, sending, paused)
    begun = (sending, paused, *Bulletin.FINAL_STATES)
    step = Transition
    yield step("edit", "Edit", (draft, review, approved), draft, (CHANGE,), "edited", _edit)
    yield step("submit", "Hand in for review", (draft,), review, (CHANGE,), "submitted", notify=notify_reviewers)
    give_back = (review, approved), draft, (APPROVE,), "given_back", _give_back, notify_author
    yield step("give_back", "Return to its author", *give_back)
    yield step("approve", "Approve", (review,), approved, (APPROVE,), "approved", _approve, notify_author)
    yield step("schedule", "Schedule", (approved,), scheduled, (SEND,), "scheduled", _schedule)
    yield step("unschedule", "Take off the schedule", (scheduled,), approved, (SEND,), "unscheduled", _unschedule)
    yield step("begin", "Begin", (scheduled,), preparing, (), "begun", _begin)
    yield step("add_recipients", "Recipients", (preparing,), sending, (), "recipients_listed", _add_recipients)
    yield step("pause", "Pause", (sending,), paused, (SEND,), "paused", _pause)
    yield step("resume", "Resume", (paused,), sending, (SEND,), "resumed", _resume)
    yield step("cancel", "Cancel", before_the_end, cancelled, (SEND,), "cancelled", _cancel)
    yield step("complete", "Complete", (sending,), None, (), "completed", _complete)
    # A person lets a delivery that was in doubt be sent again.
    yield step("reopen", "Send on", COMPLETED_STATES, sending, (), "reopened")
    yield step("recount", "Recount", COMPLETED_STATES, None, (), "recounted", _complete)
    yield step("take_off", "Take off the web", begun, None, (SEND,), "taken_off_the_web", _take_off_the_web)
    yield step("put_back", "Put back on the web", begun, None, (SEND,), "put_back_on_the_web", _put_back_on_the_web)


TRANSITIONS: dict[str, Transition] = {transition.name: transition for transition in _transitions()}

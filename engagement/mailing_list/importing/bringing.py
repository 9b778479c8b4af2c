"""Putting everybody of a checked list on ours: all of them, in one transaction, once."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.mailing_list.importing.checking import Checked, Entry, check, still_stands
from engagement.mailing_list.models import ConsentEvent, ImportBatch, StaffAct, Subscription, UploadedList
from engagement.mailing_list.wording import privacy_notice

__all__ = ["Changed", "bring_in"]

CHUNK = 1000


class Changed(Exception):  # noqa: N818 - what it says
    """What was looked at is no longer what would be brought in: look again."""


def bring_in(uploaded: UploadedList, by: Any, *, expected: tuple[int, int]) -> ImportBatch:
    """Bring in a file that somebody has looked at. The same file twice is brought in once.

    ``expected`` is what they saw: how many are added, and how many left out. Raises Changed, with nothing done, when
    that isn't so any more: somebody may have joined, or left, since.
    """
    # Outside the transaction, because on SQLite nobody else can write while it lasts.
    checked = check(bytes(uploaded.content))
    try:
        with transaction.atomic():
            if before := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
                uploaded.delete()
                return before
            seen = (len(checked.entries), checked.left_out_count)
            if not checked.is_good or seen != expected or not still_stands(checked):
                raise Changed
            batch = _write(uploaded, checked, by)
            uploaded.delete()
            return batch
    except IntegrityError:
        # Somebody pressed the button twice, or signed up while this was going on.
        if before := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
            return before
        raise Changed from None


def _write(uploaded: UploadedList, checked: Checked, by: Any) -> ImportBatch:
    batch = ImportBatch.objects.create(
        file_name=uploaded.file_name,
        sha256=uploaded.sha256,
        rows=checked.rows,
        added=len(checked.entries),
        left_out=dict(checked.left_out_counts),
        by=by,
    )
    entries = iter(checked.entries)
    notice = privacy_notice()
    while chunk := list(islice(entries, CHUNK)):
        _add(chunk, checked.slugs, notice, batch)
    StaffAct.write(StaffAct.What.IMPORTED, by, people=batch.added, reason=f"File {batch.short_hash}")
    return batch


def _add(chunk: Iterable[Entry], slugs: dict[int, str], notice: str, batch: ImportBatch) -> None:
    """Add some of them, with their topics and the events that account for them."""
    now = timezone.now()
    pairs = [
        (
            entry,
            Subscription(
                address=entry.address,
                address_hash=entry.hash,
                name=entry.name,
                organisation=entry.organisation,
                state=Subscription.State.ACTIVE,
                frequency=entry.frequency,
                method=Subscription.Method.IMPORT,
                created_at=now,
                confirmed_at=now,
            ),
        )
        for entry in chunk
    ]
    Subscription.objects.bulk_create([made for _, made in pairs])
    through = Subscription.topics.through
    through.objects.bulk_create(
        [through(subscription_id=made.pk, topic_id=topic) for entry, made in pairs for topic in entry.topics]
    )
    ConsentEvent.objects.bulk_create(
        [
            ConsentEvent(
                subscription=made.uuid,
                address_hash=entry.hash,
                action=ConsentEvent.Action.IMPORTED,
                topics=sorted(slugs[topic] for topic in entry.topics),
                frequency=entry.frequency,
                privacy_notice=notice,
                method=Subscription.Method.IMPORT,
                evidence=f"{entry.consented.isoformat()}: {entry.evidence}{batch.mark}",
                at=now,
            )
            for entry, made in pairs
        ]
    )

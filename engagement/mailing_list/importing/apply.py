"""Putting everybody of a checked list on ours: all of them, in one transaction, once."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.mailing_list.consent_wording import privacy_notice
from engagement.mailing_list.importing.validation import ImportRow, ValidationResult, is_still_valid, validate
from engagement.mailing_list.models import ConsentEvent, ImportBatch, StaffAction, Subscription, UploadedList

CHUNK = 1000


class ListChangedError(Exception):
    """What was looked at is no longer what would be brought in: look again."""


def apply_import(uploaded: UploadedList, by: Any, *, expected: tuple[int, int]) -> ImportBatch:
    """Bring in a file that somebody has looked at. The same file twice is brought in once.

    ``expected`` is what they saw: how many are added, and how many left out. Raises Changed, with nothing done, when
    that isn't so any more: somebody may have joined, or left, since.
    """
    # Outside the transaction, because on SQLite nobody else can write while it lasts.
    checked = validate(bytes(uploaded.content))
    try:
        with transaction.atomic():
            if before := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
                uploaded.delete()
                return before
            seen = (len(checked.entries), checked.skipped_count)
            if not checked.is_valid or seen != expected or not is_still_valid(checked):
                raise ListChangedError
            batch = _create_batch(uploaded, checked, by)
            uploaded.delete()
            return batch
    except IntegrityError:
        # Somebody pressed the button twice, or signed up while this was going on.
        if before := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
            return before
        raise ListChangedError from None


def _create_batch(uploaded: UploadedList, checked: ValidationResult, by: Any) -> ImportBatch:
    batch = ImportBatch.objects.create(
        file_name=uploaded.file_name,
        sha256=uploaded.sha256,
        rows=checked.rows,
        added=len(checked.entries),
        skipped=dict(checked.skipped_counts),
        by=by,
    )
    entries = iter(checked.entries)
    notice = privacy_notice()
    while chunk := list(islice(entries, CHUNK)):
        _add_rows(chunk, checked.slugs, notice, batch)
    StaffAction.write(None, StaffAction.Action.IMPORTED, by, f"File {batch.short_hash}", people=batch.added)
    return batch


def _add_rows(chunk: Iterable[ImportRow], slugs: dict[int, str], notice: str, batch: ImportBatch) -> None:
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
                evidence=f"{entry.consent_date.isoformat()}: {entry.evidence}{batch.evidence_suffix}",
                at=now,
            )
            for entry, made in pairs
        ]
    )

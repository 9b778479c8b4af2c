"""Apply a validated import: everybody in it, in one transaction, once."""

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
    """Raised when what would be imported is no longer what somebody saw."""


def apply_import(uploaded: UploadedList, by: Any, *, expected: tuple[int, int]) -> ImportBatch:
    """Import a file that somebody has result. The same file is imported once.

    ``expected`` is what they saw: how many are added, and how many skipped. Raises ListChangedError, with nothing done,
    when that isn't so any more: somebody may have joined, or left, since.
    """
    # Outside the transaction, because on SQLite nobody else can write while it lasts.
    result = validate(bytes(uploaded.content))
    try:
        with transaction.atomic():
            if existing := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
                uploaded.delete()
                return existing
            seen = (len(result.entries), result.skipped_count)
            if not result.is_valid or seen != expected or not is_still_valid(result):
                raise ListChangedError
            batch = _create_batch(uploaded, result, by)
            uploaded.delete()
            return batch
    except IntegrityError:
        # Somebody pressed the button twice, or signed up meanwhile.
        if existing := ImportBatch.objects.filter(sha256=uploaded.sha256).first():
            return existing
        raise ListChangedError from None


def _create_batch(uploaded: UploadedList, result: ValidationResult, by: Any) -> ImportBatch:
    batch = ImportBatch.objects.create(
        file_name=uploaded.file_name,
        sha256=uploaded.sha256,
        rows=result.rows,
        added=len(result.entries),
        skipped=dict(result.skipped_counts),
        by=by,
    )
    entries = iter(result.entries)
    notice = privacy_notice()
    while chunk := list(islice(entries, CHUNK)):
        _add_rows(chunk, result.slugs, notice, batch)
    StaffAction.write(None, StaffAction.Action.IMPORTED, by, f"File {batch.short_hash}", people=batch.added)
    return batch


def _add_rows(chunk: Iterable[ImportRow], slugs: dict[int, str], notice: str, batch: ImportBatch) -> None:
    """Add some subscriptions, with their topics and consent events."""
    now = timezone.now()
    pairs = [
        (
            row,
            Subscription(
                address=row.address,
                address_hash=row.hash,
                name=row.name,
                organisation=row.organisation,
                state=Subscription.State.ACTIVE,
                frequency=row.frequency,
                method=Subscription.Method.IMPORT,
                created_at=now,
                confirmed_at=now,
            ),
        )
        for row in chunk
    ]
    Subscription.objects.bulk_create([subscription for _, subscription in pairs])
    through = Subscription.topics.through
    through.objects.bulk_create(
        through(subscription_id=subscription.pk, topic_id=topic) for row, subscription in pairs for topic in row.topics
    )
    ConsentEvent.objects.bulk_create(
        [
            ConsentEvent(
                subscription=subscription.uuid,
                address_hash=row.hash,
                action=ConsentEvent.Action.IMPORTED,
                topics=sorted(slugs[topic] for topic in row.topics),
                frequency=row.frequency,
                privacy_notice=notice,
                method=Subscription.Method.IMPORT,
                evidence=f"{row.consent_date.isoformat()}: {row.evidence}{batch.evidence_suffix}",
                at=now,
            )
            for row, subscription in pairs
        ]
    )

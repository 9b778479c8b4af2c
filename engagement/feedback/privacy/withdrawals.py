"""Withdraw a response; and do it again after a restored backup, which still has what was withdrawn since.

The erasure log names a withdrawn response by a hash of its key, which is random and identifies nobody.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from engagement.feedback.models import OutcomeMail, Response, RoundEvent
from engagement.mailing_list import erasure_log
from nelis.core.sqlite import erase_from_log_on_commit

__all__ = ["withdraw"]

#: The reason of withdrawals in the erasure log.
WITHDRAWN = "withdrawn"


def withdraw(response: Response) -> None:
    """Take a response out of everything that counts or shows it; delete what it says, and who gave it."""
    with transaction.atomic():
        locked: Any = Response.objects.select_for_update().get(pk=response.pk)
        # What was made of the words points at them, and has no meaning without them.
        for rows in (locked.codings, locked.redactions, locked.quotations, locked.approvals):
            rows.all().delete()
        for rows in (locked.completed_codings, locked.adjudications, locked.answers, locked.stances):
            rows.all().delete()
        if hasattr(locked, "respondent"):
            locked.respondent.delete()
        OutcomeMail.objects.detach_responses([locked])
        locked.state, locked.withdrawn_at, locked.provenance = Response.State.WITHDRAWN, timezone.now(), ""
        locked.save(update_fields=["state", "withdrawn_at", "provenance"])
        _unmark_duplicates(locked)
        locked.round.invalidate_results()
        erasure_log.append_on_commit(_log_entry(locked.client_key, locked.withdrawn_at))
        erase_from_log_on_commit()


def _unmark_duplicates(withdrawn: Response) -> None:
    """Count again what was marked as a duplicate of a withdrawn response: else nothing of it would ever count.

    Where there are several, they are suspected of repeating each other, so staff decide anew.
    """
    duplicates = list(withdrawn.duplicates.order_by("pk"))
    if duplicates:
        withdrawn.duplicates.update(duplicate_of=None)
    for duplicate in duplicates:
        note = f"of {withdrawn}, which was withdrawn"
        RoundEvent.write(withdrawn.round, "unmarked duplicate", note=note, response=duplicate)


def _log_entries() -> Iterator[erasure_log.Entry]:
    withdrawn = Response.objects.filter(state=Response.State.WITHDRAWN).order_by()
    for key, at, begun_at in withdrawn.values_list("client_key", "withdrawn_at", "begun_at").iterator(2000):
        yield _log_entry(key, at or begun_at)


def _log_entry(client_key: str, at: datetime) -> erasure_log.Entry:
    return erasure_log.Entry(_key_hash(client_key), WITHDRAWN, at)


def _withdraw_again(entries: list[erasure_log.Entry]) -> Counter[str]:
    hashes = {entry.hash for entry in entries}
    others = Response.objects.exclude(state=Response.State.WITHDRAWN).order_by().values_list("pk", "client_key")
    restored = [pk for pk, client_key in others.iterator(2000) if _key_hash(client_key) in hashes]
    for response in Response.objects.filter(pk__in=restored):
        withdraw(response)
    return Counter({"withdrawn again": len(restored)})


def _key_hash(client_key: str) -> str:
    return sha256(client_key.encode()).hexdigest()


erasure_log.register(erasure_log.Source(frozenset([WITHDRAWN]), _log_entries, _withdraw_again))

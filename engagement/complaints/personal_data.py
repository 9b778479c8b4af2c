"""The personal data of complaints: what they hold about an address, and when it is anonymised."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from engagement.complaints import workflow
from engagement.complaints.models import Complaint
from engagement.mail.addresses import address_hash
from engagement.mailing_list.personal_data import data_provider
from engagement.mailing_list.retention import retention_rule


def complaints_without_words(hashed: str) -> list[dict[str, Any]]:
    """Reference, state and day of each complaint with the address. Its words may be somebody else's, who mistyped."""
    return [
        {
            "reference": complaint.reference,
            "state": complaint.get_state_display(),
            "received_at": complaint.received_at.isoformat(),
        }
        for complaint in _with_address(hashed)
    ]


@data_provider("complaints", for_link=complaints_without_words, is_retained=True)
def complaints(hashed: str) -> list[dict[str, Any]]:
    """Complaints about personal data that came with this address."""
    return [
        {
            "reference": complaint.reference,
            "name": complaint.name,
            "text": complaint.text,
            "state": complaint.get_state_display(),
            "received_at": complaint.received_at.isoformat(),
            "outcome": complaint.outcome,
        }
        for complaint in _with_address(hashed)
    ]


@retention_rule("answered complaints emptied")
def anonymise_complaints(now: datetime, dry_run: bool) -> int:
    """Take out what names anybody from complaints answered long ago."""
    return workflow.anonymise_old(now, dry_run=dry_run)


def _with_address(hashed: str) -> Iterator[Complaint]:
    """There are few enough to hash every address."""
    named = Complaint.objects.exclude(address="").order_by("pk")
    return (complaint for complaint in named.iterator() if address_hash(complaint.address) == hashed)

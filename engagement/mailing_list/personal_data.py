"""What rooms below hold about an address: shown with everything else. And what they ask of this one."""

from collections.abc import Iterator
from typing import Any

from engagement.complaints import receipt_policy
from engagement.complaints.models import Complaint
from engagement.mail.addresses import address_hash
from engagement.mailing_list import abuse, subscription_service
from engagement.mailing_list.data_registry import data_provider
from engagement.mailing_list.models import Suppression

__all__ = ["complaints", "complaints_with", "is_never_written_to"]

receipt_policy.rate_limit(abuse.allow_complaint_receipt)


@receipt_policy.suppression_check
def is_never_written_to(hashed: str) -> bool:
    """Whether nothing may be sent to an address, whatever anybody asks for."""
    return subscription_service.is_suppressed(hashed, Suppression.FINAL)


def complaints_with(hashed: str) -> list[dict[str, Any]]:
    """That complaints came with this address, and how they stand. Their words may be somebody else's, who mistyped."""
    return [
        {"reference": one.reference, "state": one.get_state_display(), "received_at": one.received_at.isoformat()}
        for one in _with_address(hashed)
    ]


@data_provider("complaints", for_link=complaints_with, names=True)
def complaints(hashed: str) -> list[dict[str, Any]]:
    """Complaints about personal data that came with this address."""
    return [
        {
            "reference": one.reference,
            "name": one.name,
            "text": one.text,
            "state": one.get_state_display(),
            "received_at": one.received_at.isoformat(),
            "outcome": one.outcome,
        }
        for one in _with_address(hashed)
    ]


def _with_address(hashed: str) -> Iterator[Complaint]:
    """There are few enough to hash every address."""
    named = Complaint.objects.exclude(address="").order_by("pk")
    return (one for one in named.iterator() if address_hash(one.address) == hashed)

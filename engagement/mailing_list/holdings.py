"""What rooms below hold about an address: shown with everything else. And what they ask of this one."""

from collections.abc import Iterator
from typing import Any

from engagement.complaints import receipts
from engagement.complaints.models import Complaint
from engagement.mailing_list import changes, guards
from engagement.mailing_list.models import Suppression
from engagement.mailing_list.people import holds
from engagement.post.addresses import address_hash

__all__ = ["complaints", "complaints_with", "is_never_written_to"]

receipts.guards(guards.take_complaint)


@receipts.forbids
def is_never_written_to(hashed: str) -> bool:
    """Whether nothing may be sent to an address, whatever anybody asks for."""
    return changes.is_kept_out(hashed, Suppression.FINAL)


def complaints_with(hashed: str) -> list[dict[str, Any]]:
    """That complaints came with this address, and how they stand. Their words may be somebody else's, who mistyped."""
    return [
        {"reference": one.reference, "state": one.get_state_display(), "received_at": one.received_at.isoformat()}
        for one in _with_address(hashed)
    ]


@holds("complaints", by_link=complaints_with, names=True)
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

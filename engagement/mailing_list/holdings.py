"""What rooms below hold about an address: shown with everything else."""

from typing import Any

from engagement.complaints.models import Complaint
from engagement.mailing_list.people import holds
from engagement.post.addresses import address_hash

__all__ = ["complaints"]


@holds("complaints")
def complaints(hashed: str) -> list[dict[str, Any]]:
    """Complaints about personal data that came with this address. There are few enough to hash every address."""
    named = Complaint.objects.exclude(address="").order_by("pk")
    return [
        {
            "reference": one.reference,
            "name": one.name,
            "text": one.text,
            "state": one.get_state_display(),
            "received_at": one.received_at.isoformat(),
            "outcome": one.outcome,
        }
        for one in named.iterator()
        if address_hash(one.address) == hashed
    ]

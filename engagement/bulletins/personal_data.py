"""What bulletins hold about an address: that they were sent there, and what became of it."""

from typing import Any

from engagement.bulletins.models import Delivery
from engagement.mailing_list.data_registry import data_provider

__all__ = ["bulletins_sent_to"]


@data_provider("bulletins")
def bulletins_sent_to(address_hash: str) -> list[dict[str, Any]]:
    """Each bulletin to the address, by its subject. One query."""
    rows = Delivery.objects.filter(address_hash=address_hash).select_related("bulletin").order_by("pk")
    return [
        {"subject": row.bulletin.subject, "state": row.get_state_display(), "at": row.created_at.isoformat()}
        for row in rows
    ]

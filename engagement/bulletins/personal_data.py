"""The personal data that bulletins hold about an address: what was sent there, and what became of it."""

from typing import Any

from engagement.bulletins.models import Delivery
from engagement.mailing_list.personal_data import data_provider

__all__ = ["bulletins_sent_to"]


@data_provider("bulletins")
def bulletins_sent_to(address_hash: str) -> list[dict[str, Any]]:
    """Return each bulletin to the address, by its subject. One query."""
    deliveries = Delivery.objects.filter(address_hash=address_hash).select_related("bulletin").order_by("pk")
    return [
        {
            "subject": delivery.bulletin.subject,
            "state": delivery.get_state_display(),
            "at": delivery.created_at.isoformat(),
        }
        for delivery in deliveries
    ]

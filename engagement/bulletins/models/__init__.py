"""Bulletins and their ledger."""

from .bulletins import Bulletin, BulletinEvent
from .deliveries import Delivery

__all__ = ["Bulletin", "BulletinEvent", "Delivery"]

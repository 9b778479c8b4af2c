"""Bulletins and their ledger."""

from .bulletins import Bulletin, BulletinEvent, NewsItem, State
from .deliveries import Delivery

__all__ = ["Bulletin", "BulletinEvent", "Delivery", "NewsItem", "State"]

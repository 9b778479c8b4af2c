"""Bulletins and their ledger."""

from engagement.bulletins.models.bulletins import Bulletin, BulletinEvent, BulletinState, NewsItem

from .deliveries import Delivery

__all__ = ["Bulletin", "BulletinEvent", "BulletinState", "Delivery", "NewsItem"]

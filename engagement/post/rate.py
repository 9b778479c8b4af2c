"""The rate that all runners keep to together: a bucket of tokens in the database, one for each mail.

A runner takes a portion that lasts a tenth of a second, not one token at a time, and what it hasn't used within a
second is void. So in any stretch of time, however many runners there are, no more mails go out than
rate × (time + 1 s) + what the bucket holds.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from engagement.post.clock import Clock
from engagement.post.models import RateLimit
from engagement.post.pace import Pace

__all__ = ["Rate", "capacity", "reserve"]

NAME = "mail"
#: A portion is used within this, in seconds, or not at all.
USE_WITHIN = 1.0
#: A runner that has to wait looks again after this at the latest, and after this when others took what was there.
LOOK_AGAIN = 1.0
SHORTLY = 0.05


def capacity(rate: float) -> float:
    """What the bucket holds at most: what a second brings, and two so that one can be kept back."""
    return max(2.0, float(rate))


def reserve(rate: float) -> float:
    """What is left in it for mails that somebody waits for."""
    return max(1.0, capacity(rate) / 10)


class Rate:
    """One runner's way to the bucket. A rate of 0 is none: only a server that asks for patience holds it up."""

    def __init__(self, clock: Clock, pace: Pace, ticking: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.pace, self.ticking = clock, pace, ticking
        self.portion = 0.0
        self.void_at = 0.0
        self.looked_at = -LOOK_AGAIN
        self.blocked_until: datetime | None = None
        self.setbacks = 0

    def take(self, *, urgent: bool = False) -> float:
        """Take a token: 0. If there is none, how many seconds to wait before asking again."""
        now = self.ticking()
        if now >= self.void_at:
            self.portion = 0.0
        if self.portion >= 1:
            self.portion -= 1
            return 0.0
        rate = float(settings.MAIL_PER_SECOND)
        if rate <= 0 and self.blocked_until is None and now - self.looked_at < LOOK_AGAIN:
            return 0.0
        self.looked_at = now
        return self._fetch(rate, urgent)

    def blocked(self) -> float:
        """For how many seconds, at present, nothing may be sent, as far as this runner knows."""
        if self.blocked_until is None:
            return 0.0
        left = (self.blocked_until - self.clock.now()).total_seconds()
        return max(0.0, left)

    def slow_down(self, trouble: str) -> float:
        """The server asks for patience: everybody waits, and longer each time. For how many seconds."""
        self.portion = 0.0
        with transaction.atomic():
            bucket = self._bucket()
            now = self.clock.now()
            if bucket.blocked_until is None or bucket.blocked_until <= now:
                wait = min(self.pace.slow_longest, self.pace.slow_first * 2 ** min(bucket.setbacks, 20))
                bucket.blocked_until = now + timedelta(seconds=wait)
                bucket.setbacks = min(bucket.setbacks + 1, 1000)
            bucket.trouble = trouble[:200]
            bucket.save(update_fields=["blocked_until", "setbacks", "trouble"])
        self.blocked_until, self.setbacks = bucket.blocked_until, bucket.setbacks
        return self.blocked()

    def all_well(self) -> None:
        """A mail went through: the next time the server asks for patience, it begins with little again."""
        if self.setbacks:
            RateLimit.objects.filter(name=NAME).update(setbacks=0, trouble="")
            self.setbacks = 0

    def _fetch(self, rate: float, urgent: bool) -> float:
        """A portion from the bucket; one token of it is taken at once."""
        with transaction.atomic():
            bucket = self._bucket()
            now = self.clock.now()
            self.setbacks = bucket.setbacks
            self.blocked_until = bucket.blocked_until if bucket.blocked_until and bucket.blocked_until > now else None
            if self.blocked_until:
                return min(LOOK_AGAIN, max(SHORTLY, (self.blocked_until - now).total_seconds()))
            if rate <= 0:
                return 0.0
            gained = max(0.0, (now - bucket.updated_at).total_seconds()) * rate
            held = min(capacity(rate), bucket.tokens + gained)
            free = held if urgent else held - reserve(rate)
            portion = float(int(min(free, max(1.0, rate / 10))))
            if portion < 1:
                return min(LOOK_AGAIN, max(SHORTLY, (1 - free) / rate))
            bucket.tokens = held - portion
            # Never back: a clock that was put back would give the same second twice.
            bucket.updated_at = max(now, bucket.updated_at)
            bucket.save(update_fields=["tokens", "updated_at"])
        self.portion = portion - 1
        self.void_at = self.ticking() + USE_WITHIN
        return 0.0

    def _bucket(self) -> RateLimit:
        """The bucket, locked until the transaction ends. A new one is full."""
        rows = RateLimit.objects.select_for_update()
        found = rows.filter(name=NAME).first()
        if found is None:
            full = {"tokens": capacity(float(settings.MAIL_PER_SECOND)), "updated_at": self.clock.now()}
            RateLimit.objects.get_or_create(name=NAME, defaults=full)
            found = rows.get(name=NAME)
        return found

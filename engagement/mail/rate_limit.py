"""The rate that all workers keep to together: a bucket of tokens in the database, one for each email.

A worker takes a portion that lasts a tenth of a second, not one token at a time, and what it hasn't used within a
second is void. So in any stretch of time, however many workers there are, no more emails go out than
rate × (time + 1 s) + what the bucket holds.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from engagement.mail.clock import Clock
from engagement.mail.config import WorkerConfig
from engagement.mail.models import RateLimit

__all__ = ["RateLimiter", "capacity", "reserve"]

BUCKET_NAME = "mail"
#: In seconds: a portion is used within this or not at all; the longest and shortest wait before asking again.
PORTION_LIFETIME = 1.0
MAX_WAIT = 1.0
MIN_WAIT = 0.05


def capacity(rate: float) -> float:
    """What the bucket holds at most: what a second brings, and at least two so that one can be kept back."""
    return max(2.0, float(rate))


def reserve(rate: float) -> float:
    """What is left in the bucket for urgent emails."""
    return max(1.0, capacity(rate) / 10)


class RateLimiter:
    """One worker's access to the bucket. A rate of 0 is no limit: only a server that asks us to slow down blocks it."""

    def __init__(self, clock: Clock, config: WorkerConfig, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.config, self.monotonic = clock, config, monotonic
        self.portion = 0.0
        self.void_at = 0.0
        self.looked_at = -MAX_WAIT
        self.blocked_until: datetime | None = None
        self.setback_count = 0

    def acquire(self, *, urgent: bool = False) -> float:
        """Take a token. Returns 0, or if there is none, how many seconds to wait before asking again."""
        now = self.monotonic()
        if now >= self.void_at:
            self.portion = 0.0
        if self.portion >= 1:
            self.portion -= 1
            return 0.0
        rate = float(settings.MAIL_PER_SECOND)
        if rate <= 0 and self.blocked_until is None and now - self.looked_at < MAX_WAIT:
            return 0.0
        self.looked_at = now
        return self._take_portion(rate, urgent)

    def blocked_seconds(self) -> float:
        """For how long nothing may be sent, as far as this worker knows."""
        if self.blocked_until is None:
            return 0.0
        return max(0.0, (self.blocked_until - self.clock.now()).total_seconds())

    def back_off(self, error: str) -> float:
        """Make all workers wait, longer each time. Returns for how many seconds."""
        self.portion = 0.0
        with transaction.atomic():
            bucket = self._locked_bucket()
            now = self.clock.now()
            if bucket.blocked_until is None or bucket.blocked_until <= now:
                wait = min(self.config.back_off_max, self.config.back_off_first * 2 ** min(bucket.setback_count, 20))
                bucket.blocked_until = now + timedelta(seconds=wait)
                bucket.setback_count = min(bucket.setback_count + 1, 1000)
            bucket.last_error = error[:200]
            bucket.save(update_fields=["blocked_until", "setback_count", "last_error"])
        self.blocked_until, self.setback_count = bucket.blocked_until, bucket.setback_count
        return self.blocked_seconds()

    def reset(self) -> None:
        """An email was accepted: the next time the server asks us to slow down, waits begin small again."""
        if self.setback_count:
            RateLimit.objects.filter(name=BUCKET_NAME).update(setback_count=0, last_error="")
            self.setback_count = 0

    def _take_portion(self, rate: float, urgent: bool) -> float:
        """Take a portion from the bucket, and one token of it."""
        with transaction.atomic():
            bucket = self._locked_bucket()
            now = self.clock.now()
            self.setback_count = bucket.setback_count
            self.blocked_until = bucket.blocked_until if bucket.blocked_until and bucket.blocked_until > now else None
            if self.blocked_until:
                return min(MAX_WAIT, max(MIN_WAIT, (self.blocked_until - now).total_seconds()))
            if rate <= 0:
                return 0.0
            gained = max(0.0, (now - bucket.updated_at).total_seconds()) * rate
            tokens = min(capacity(rate), bucket.tokens + gained)
            free = tokens if urgent else tokens - reserve(rate)
            portion = float(int(min(free, max(1.0, rate / 10))))
            if portion < 1:
                return min(MAX_WAIT, max(MIN_WAIT, (1 - free) / rate))
            bucket.tokens = tokens - portion
            # Never back: a clock that was put back would give the same second twice.
            bucket.updated_at = max(now, bucket.updated_at)
            bucket.save(update_fields=["tokens", "updated_at"])
        self.portion = portion - 1
        self.void_at = self.monotonic() + PORTION_LIFETIME
        return 0.0

    def _locked_bucket(self) -> RateLimit:
        """The bucket, locked until the transaction ends. A new one is full."""
        rows = RateLimit.objects.select_for_update()
        bucket = rows.filter(name=BUCKET_NAME).first()
        if bucket is None:
            full = {"tokens": capacity(float(settings.MAIL_PER_SECOND)), "updated_at": self.clock.now()}
            RateLimit.objects.get_or_create(name=BUCKET_NAME, defaults=full)
            bucket = rows.get(name=BUCKET_NAME)
        return bucket

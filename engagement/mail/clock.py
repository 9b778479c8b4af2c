"""The time that all runners go by: the database's, so that machines whose clocks differ agree on what has expired."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

__all__ = ["Clock"]


class Clock:
    """This machine's clock, put right by the database's."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self) -> datetime:
        """The time."""
        return timezone.now() + self.off

    def in_seconds(self, seconds: float) -> datetime:
        """The time so many seconds from now, or before it."""
        return self.now() + timedelta(seconds=seconds)

    def synchronise(self) -> None:
        """Ask the database. SQLite's time is this machine's."""
        if connection.vendor != "postgresql":
            return
        before = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
        after = timezone.now()
        self.off = there - (before + (after - before) / 2)

"""The clock of the workers: the database's, so that machines whose clocks differ agree on what has expired."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

__all__ = ["Clock"]


class Clock:
    """This machine's clock, corrected by the database's."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The time."""
        return timezone.now() + self.offset

    def in_seconds(self, seconds: float) -> datetime:
        """The time in so many seconds."""
        return self.now() + timedelta(seconds=seconds)

    def synchronise(self) -> None:
        """Correct it by the database's clock. SQLite has none of its own."""
        if connection.vendor != "postgresql":
            return
        before = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            database_time = cursor.fetchone()[0]
        after = timezone.now()
        self.offset = database_time - (before + (after - before) / 2)

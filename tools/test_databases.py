"""Databases for tests, made once and then copied: migrated ones, and ones with all the content.

Running all migrations takes the better part of a minute, loading the content more than that, and every worker of
every test run needs the result. So the results are kept, under names made from what goes into them, and copied in
a second. ``python -m tools.test_databases FILE`` loads the content into the database of ``DATABASE_URL`` and leaves
the loader's report in FILE.
"""

import contextlib
import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ROOT / "var" / "test-databases"
# What decides the content of a freshly loaded database. Templates don't: they are read when a page is asked for.
SOURCES = ("*.py", "*.yaml", "*.yml", "*.json")


def fingerprint(*, content: bool = False) -> str:
    """Changes whenever a freshly migrated database might; with ``content``, whenever one with the content might."""
    files = [ROOT / "requirements.txt"]
    for package in ("nelis", "sectors", "engagement"):
        for pattern in SOURCES if content else ("migrations/*.py",):
            files += sorted((ROOT / package).rglob(pattern))
    digest = sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def copy_sqlite(target: Path, *, content: bool = False) -> None:
    """Put a migrated SQLite database at ``target``; with ``content``, one that has it all."""
    template = DATABASES / f"{template_name(content)}_{fingerprint(content=content)}.sqlite3"
    with machine_lock(f"sqlite-{template_name(content)}"):
        if not template.exists():
            for outdated in DATABASES.glob(f"{template_name(content)}_*.sqlite3*"):
                outdated.unlink()
            unfinished = template.with_suffix(".unfinished")
            url = f"sqlite:///{unfinished}"
            if content:
                copy_sqlite(unfinished)
                load(url)
            else:
                unfinished.unlink(missing_ok=True)
                migrate(url)
            unfinished.rename(template)
    shutil.copyfile(template, target)


def copy_postgres(url: str, name: str, *, content: bool = False) -> None:
    """Make the PostgreSQL database ``name``, migrated, on the server of ``url``; with ``content``, with it all."""
    prefix = f"nelis_{template_name(content)}_"
    template = f"{prefix}{fingerprint(content=content)}"
    with machine_lock(f"postgres-{template_name(content)}"), admin_connection(url) as execute:
        if not execute("SELECT 1 FROM pg_database WHERE datname = %s", template):
            for (outdated,) in execute("SELECT datname FROM pg_database WHERE datname LIKE %s", f"{prefix}%"):
                execute(f'DROP DATABASE "{outdated}"')
            unfinished = f"nelis_unfinished_{os.getpid()}_{template_name(content)}"
            execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
            unfinished_url = urlunsplit(urlsplit(url)._replace(path=f"/{unfinished}"))
            if content:
                copy_postgres(url, unfinished)
                load(unfinished_url)
            else:
                execute(f'CREATE DATABASE "{unfinished}" TEMPLATE template0 ENCODING utf8')
                migrate(unfinished_url)
            execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
        execute(f'DROP DATABASE IF EXISTS "{name}"')
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def template_name(content: bool) -> str:
    """What a kept database is called after."""
    return "filled" if content else "migrated"


def loading_report() -> Any:
    """What the loader reported when it filled the database that is kept."""
    return pickle.loads((DATABASES / f"report_{fingerprint(content=True)}").read_bytes())  # noqa: S301 - our own file


def drop_postgres(url: str, name: str) -> None:
    """Remove the database ``name``."""
    with admin_connection(url) as execute:
        execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrate(url: str) -> None:
    """Run all migrations on an empty database."""
    run(url, "manage.py", "migrate", "--verbosity=0")


def load(url: str) -> None:
    """Load the content into a migrated database, and keep what the loader reports."""
    for outdated in DATABASES.glob("report_*"):
        outdated.unlink()
    run(url, "-m", "tools.test_databases", str(DATABASES / f"report_{fingerprint(content=True)}"))


def run(url: str, *command: str) -> None:
    """Run Python on a database, in a process of its own: settings are read once in a process."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nelis.settings.test"}
    # A test run's own options have no business here, above all not its warnings turned into errors.
    environment.pop("PYTHONWARNINGS", None)
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


@contextlib.contextmanager
def machine_lock(name: str) -> Iterator[None]:
    """Hold a lock that all test workers on this machine share."""
    DATABASES.mkdir(parents=True, exist_ok=True)
    with (DATABASES / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def admin_connection(url: str):  # type: ignore[no-untyped-def]
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


def main(report: Path) -> None:
    """Load the content, and write the report to a file."""
    import django

    django.setup()
    from nelis.home.content_loader import load as load_content
    from nelis.progress.drawing import draw_published_charts

    report.write_bytes(pickle.dumps(load_content()))
    draw_published_charts()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

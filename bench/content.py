"""A site with its content in a database that is thrown away."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["site_with_content"]


@contextmanager
def site_with_content(**environment: str) -> Iterator[None]:
    """Set Django up on a fresh database with the content and the static files; leave nothing behind.

    ``environment`` are further variables for the settings. Once in a process: Django is set up once.
    """
    folder = Path(tempfile.mkdtemp(prefix="nelis-bench-"))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        **environment,
    }
    try:
        import django

        django.setup()
        from django.core.management import call_command

        print("Preparing a database with the content …", flush=True)
        call_command("migrate", verbosity=0)
        call_command("load_content", stdout=io.StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)

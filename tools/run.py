"""Serve the site on this machine: set up whatever is missing, then start the server.

``python -m tools.run`` is `make run`; ``--reload`` is `make dev`; ``--content`` loads the content files again
and stops; ``--prepare`` sets up and stops. PORT and HOST choose where it listens, DATA_DIR where it keeps what
it writes; NELIS_MAIL_WORKER=0 leaves out the process that sends mail.
"""

import argparse
import contextlib
import errno
import io
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
THREADS = 4
WORKERS = 2


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description="Serve the site on this machine.")
    parser.add_argument("--reload", action="store_true", help="reload on changes and show debug pages")
    parser.add_argument("--content", action="store_true", help="load the content files again, then stop")
    parser.add_argument("--prepare", action="store_true", help="set up, then stop")
    options = parser.parse_args()
    serving = not (options.content or options.prepare)
    # Always these settings, whatever a shell has set for manage.py.
    os.environ["DJANGO_SETTINGS_MODULE"] = "nelis.settings.local"
    host, port = os.environ.get("HOST") or "127.0.0.1", chosen_port()
    if serving:
        refuse_taken_port(host, port)
    os.environ.setdefault("BASE_URL", f"http://localhost:{port}")
    account = set_up(collect=not options.reload, content=options.content)
    if not serving:
        return
    sys.stdout.flush()
    if options.reload:
        os.environ["DJANGO_SETTINGS_MODULE"] = "nelis.settings.dev"
    if os.environ.get("NELIS_MAIL_WORKER", "1") != "0":
        start_mail_worker()
    if options.reload:
        announce(host, port, account)
        os.execv(sys.executable, [sys.executable, "manage.py", "runserver", f"{host}:{port}"])
    os.environ["NELIS_WELCOME"] = welcome(host, port, account)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *gunicorn_options(host, port)])


def start_mail_worker() -> None:
    """Start the process that sends mail. It ends with the server, which takes this process's place."""
    subprocess.Popen([sys.executable, "-m", "tools.mail_worker", str(os.getpid())], cwd=ROOT)


def chosen_port() -> int:
    """The port in PORT, or 8000."""
    given = os.environ.get("PORT") or "8000"
    if given.isdecimal() and 0 < int(given) < 65536:
        return int(given)
    sys.exit(f"PORT should be a number from 1 to 65535, not {given!r}.")


def refuse_taken_port(host: str, port: int) -> None:
    """Stop, saying so, when something else already listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server will: a port that only waits for its last connections to fade counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                sys.exit(
                    f"Port {port} is taken: another program listens there. "
                    f"Stop it, or pick another port: PORT={port + 1} make run"
                )
            if error.errno == errno.EACCES:
                sys.exit(f"This system user may not listen on port {port}. Pick one above 1023: PORT=8000 make run")
            sys.exit(f"Cannot listen on {host}, port {port}: {error.strerror}.")


def set_up(*, collect: bool, content: bool) -> tuple[str, str]:
    """Bring database, content and static files up to date. Gives the demonstration editor's name and password."""
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    # Hundreds of lines "Published: …" would hide the progress.
    logging.getLogger("wagtail").setLevel(logging.WARNING)
    if steps := pending_migrations():
        with timed_step("Making the database ready"):
            call_command("migrate", interactive=False, stdout=Counter("migrations", steps))
    if content or not has_content():
        with timed_step("Loading the content"):
            call_command("load_content")
    if collect:
        mark = settings.DATA_DIR / "static.stamp"
        fingerprint = static_fingerprint()
        if not mark.exists() or mark.read_text() != fingerprint:
            with timed_step("Collecting and compressing static files"):
                command_output(call_command, "collectstatic", interactive=False, verbosity=0, clear=True)
            mark.write_text(fingerprint)
    said = command_output(call_command, "demo_editor")
    name, password = said.split("\n")[:2]
    return name, password


def pending_migrations() -> int:
    """How many migrations the database lacks: all of them when it isn't there yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def has_content() -> bool:
    """Whether anything stands below the home page. Then it may have been edited, and is left alone."""
    from wagtail.models import Page

    return Page.objects.filter(depth__gt=2).exists()


def static_fingerprint() -> str:
    """Changes when a static file of ours, or a package that brings some, changes."""
    digest = sha256((ROOT / "requirements.txt").read_bytes())
    for file in sorted((ROOT / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    digest.update((ROOT / "nelis/core/staticfiles.py").read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def timed_step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    print(f"{what} …", flush=True)
    started = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


class Counter(io.StringIO):
    """Takes a command's output and shows, instead, how many steps of how many are done."""

    def __init__(self, what: str, total: int) -> None:
        super().__init__()
        self.what, self.total, self.done = what, total, 0

    def write(self, text: str) -> int:
        """Count the lines that report a finished step; every 25th shows where there is no terminal."""
        if "OK" in text:
            self.done += 1
            if sys.stdout.isatty():
                end = "\n" if self.done == self.total else ""
                print(f"\r  {self.done} of {self.total} {self.what}", end=end, flush=True)
            elif self.done % 25 == 0:
                print(f"  {self.done} of {self.total} {self.what}", flush=True)
        return len(text)


def command_output(call: Callable[..., Any], *args: Any, **options: Any) -> str:
    """Run a management command and give what it printed."""
    output = io.StringIO()
    call(*args, stdout=output, **options)
    return output.getvalue()


def gunicorn_options(host: str, port: int) -> list[str]:
    """How the local server differs from the one in deploy/: where it listens, and that it says so."""
    addresses = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    if host == "127.0.0.1" and ipv6_loopback(port):
        # "localhost" means either, depending on the program that asks.
        addresses.append(f"[::1]:{port}")
    return [
        *("--config", "python:tools.gunicorn_config"),
        *(part for address in addresses for part in ("--bind", address)),
        *("--workers", str(WORKERS), "--threads", str(THREADS)),
        "nelis.wsgi",
    ]


def ipv6_loopback(port: int) -> bool:
    """Whether this machine also answers on ::1, at this port."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("::1", port))
    except OSError:
        return False
    return True


def welcome(host: str, port: int, account: tuple[str, str]) -> str:
    """What to print once the site answers."""
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104
    name, password = account
    return (
        f"\nThe site:    http://{shown}:{port}/\n"
        f"To edit it:  http://{shown}:{port}/admin/\n"
        f"  user name  {name}\n  password   {password}\n"
        "Stop with Ctrl+C.\n"
    )


def announce(host: str, port: int, account: tuple[str, str]) -> None:
    """Print the welcome now, for a server that has no hook for it."""
    print(welcome(host, port, account), flush=True)


if __name__ == "__main__":
    main()

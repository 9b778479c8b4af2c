"""The site, served as `make run` serves it, with the content: for browser tests, pictures and measurements.

The set-up site is kept and copied, under a name made from everything that goes into its database, so that
the content is loaded once and not by every worker of every run.
"""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools import test_databases
from tools.run import static_fingerprint

ROOT = Path(__file__).resolve().parents[1]
SITES = ROOT / "var" / "served-sites"


@dataclass(frozen=True)
class PublicPage:
    """A live page: where it is, of which type, such as sectors.sectorpage, and its number in the admin."""

    path: str
    kind: str
    number: int


@dataclass(frozen=True)
class Site:
    """A served site: its address, and the folder with its database and static files."""

    url: str
    folder: Path

    @cached_property
    def pages(self) -> list[PublicPage]:
        """All live pages, in the order of the tree."""
        query = """
            SELECT page.url_path, type.app_label || '.' || type.model, page.id
            FROM wagtailcore_page page JOIN django_content_type type ON type.id = page.content_type_id
            WHERE page.live = 1 AND page.depth > 1 ORDER BY page.path
        """
        with contextlib.closing(sqlite3.connect(self.folder / "nelis.sqlite3")) as database:
            rows = database.execute(query).fetchall()
        # Every path begins with the home page's slug, which no address shows.
        return [PublicPage("/" + path.split("/", 2)[2], kind, number) for path, kind, number in rows]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an address."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:  # noqa: S310 - our own server
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")


def prepared_folder() -> Path:
    """A folder with a set-up site: database with content, static files, secrets. Not to be written to: copy it."""
    folder = SITES / test_databases.fingerprint(content=True)
    with test_databases.machine_lock("served-site"):
        if not folder.exists():
            for outdated in SITES.glob("*"):
                shutil.rmtree(outdated)
            unfinished = folder.with_suffix(".unfinished")
            unfinished.mkdir(parents=True)
            test_databases.copy_sqlite(unfinished / "nelis.sqlite3", content=True)
            run(unfinished, "--prepare", check=True)
            unfinished.rename(folder)
        # The content is as it was; style sheets may have changed since.
        if (folder / "static.stamp").read_text() != static_fingerprint():
            run(folder, "--prepare", check=True)
    return folder


def run(folder: Path, *options: str, check: bool = False) -> subprocess.CompletedProcess[str]:
    """Run ``tools.run`` to its end on the data in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.run", *options],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if check and done.returncode:
        raise RuntimeError(f"The site could not be set up.\n{done.stdout[-4000:]}")
    return done


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """The environment for a site on the data in ``folder``, whatever the shell says."""
    unwanted = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "BASE_URL", "ALLOWED_HOSTS", "HOST")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    # Mail goes out when a test says so: `manage.py mail_worker --drain` on the same folder.
    return kept | {"DATA_DIR": str(folder), "PORT": str(port), "NELIS_MAIL_WORKER": "0"}


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """Serve a copy of the prepared site, made in ``folder``, until the block ends."""
    source = prepared_folder()
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static"))
    # Thousands of files that nobody writes to: linked, or copied where the folder is on another disk.
    shutil.copytree(source / "static", folder / "static", copy_function=link)
    port = free_port()
    log = (folder / "log").open("w+")
    server = subprocess.Popen(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT,
        env=environment(folder, port) | {"STOP_WITH": str(os.getpid())},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        site = Site(f"http://127.0.0.1:{port}", folder)
        wait_for(site, server, folder / "log")
        yield site
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        log.close()


def link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where that can't be done."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_for(site: Site, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the site answers. Raises RuntimeError, with its log, if it ends or takes over three minutes."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            site.get("/robots.txt")
            return
        time.sleep(0.1)
    raise RuntimeError(f"The site did not start.\n{log.read_text()[-4000:]}")

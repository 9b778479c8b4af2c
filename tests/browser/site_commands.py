"""Run commands and functions on the data of a served site, post forms to it, and read the emails it sent."""

import functools
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tools import test_site
from tools.test_site import Site


def run_command(site: Site, *arguments: str) -> str:
    """Run a management command on the site's data, as its operator would; its output."""
    here = {"DJANGO_SETTINGS_MODULE": "nelis.settings.local", "BASE_URL": site.url, "LOG_LEVEL": "WARNING"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=test_site.ROOT,
        env=test_site.environment(site.folder) | here,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def run_on(site: Site, function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function on the site's data, in a process of its own; what it returns. All of it has to fit into JSON."""
    call = (
        f"import json; from {function.__module__} import {function.__name__} as call; "
        f"print(json.dumps(call(*json.loads({json.dumps(arguments)!r}))))"
    )
    return json.loads(run_command(site, "shell", "--no-imports", "--command", call).splitlines()[-1])


def post_form(site: Site, path: str, data: Mapping[str, str]) -> tuple[int, str]:
    """Status and text of the response to a form. Follows no redirect."""
    request = urllib.request.Request(site.url + path, urllib.parse.urlencode(data).encode())  # noqa: S310 - our own server
    try:
        with _opener().open(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect)


def send_emails(site: Site) -> None:
    """Send what waits in the outbox, to files."""
    run_command(site, "mail_worker", "--drain", "--verbosity", "0")


def sent_emails(site: Site) -> list[Path]:
    """The emails sent so far, the newest last."""
    return sorted((site.folder / "mail").glob("*.eml"))
